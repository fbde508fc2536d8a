/** Longest code DEFLATE allows for literals and lengths (RFC 1951, 3.2.7). */
const LONGEST = 15;

/**
 * Lengths of a complete prefix code for the given weights, zero where the weight is zero, none longer than `longest`:
 * when the optimal code has a longer one, small weights are lifted until it does not.
 *
 * @param weights at least two of them above zero
 */
export const codeLengths = (weights: readonly number[], longest = LONGEST): number[] => {
  for (let floor = 0; ; floor = Math.max(1, floor * 2)) {
    const lengths = optimalLengths(weights.map((weight) => (weight > 0 ? Math.max(weight, floor) : 0)));
    if (Math.max(...lengths) <= longest) return lengths;
  }
};

interface Node {
  readonly weight: number;
  readonly symbols: readonly number[];
}

const optimalLengths = (weights: readonly number[]): number[] => {
  const lengths = weights.map(() => 0);
  let nodes: Node[] = weights.flatMap((weight, symbol) => (weight > 0 ? [{ weight, symbols: [symbol] }] : []));
  while (nodes.length > 1) {
    // The sort is stable, so that equal weights always give the same code.
    nodes.sort((a, b) => a.weight - b.weight);
    const [first, second, ...others] = nodes;
    if (first === undefined || second === undefined) break;
    const symbols = [...first.symbols, ...second.symbols];
    for (const symbol of symbols) lengths[symbol] = (lengths[symbol] ?? 0) + 1;
    nodes = [...others, { weight: first.weight + second.weight, symbols }];
  }
  return lengths;
};

/** A canonical code (RFC 1951, 3.2.2), each word reversed, ready to be written from its low end. */
export const canonicalCodes = (lengths: readonly number[]): Uint16Array => {
  const next: number[] = [];
  let code = 0;
  for (let bits = 1; bits <= LONGEST; bits++) {
    code = (code + lengths.filter((length) => length === bits - 1 && length > 0).length) << 1;
    next[bits] = code;
  }
  return Uint16Array.from(lengths, (length) => {
    if (length === 0) return 0;
    const word = next[length] ?? 0;
    next[length] = word + 1;
    return reversed(word, length);
  });
};

const reversed = (word: number, bits: number): number => {
  let result = 0;
  for (let i = 0; i < bits; i++) result |= ((word >>> i) & 1) << (bits - 1 - i);
  return result;
};
