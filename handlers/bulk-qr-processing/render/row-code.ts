import { BitWriter } from './bit-writer.ts';
import type { Geometry } from './geometry.ts';
import { canonicalCodes, codeLengths } from './huffman.ts';

const END_OF_BLOCK = 256;
const LONGEST_MATCH = 258;

/** First match length of each length symbol from 257 on, RFC 1951, 3.2.5. */
const LENGTH_BASES = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
/** First distance of each distance symbol, same place. */
const DISTANCE_BASES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
/** The order in which the lengths of the code-length code are sent, RFC 1951, 3.2.7. */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export const WORD_BITS = 4;
export const WORD_MASK = 0xf;

/** A piece of a repeat: a length symbol with its extra bits. */
interface Match {
  readonly symbol: number;
  readonly extra: number;
  readonly extraBits: number;
}

const symbolIn = (bases: readonly number[], value: number): number => bases.findLastIndex((base) => base <= value);

const extraBitsOfLength = (index: number): number => (index < 8 || index === 28 ? 0 : (index >> 2) - 1);
const extraBitsOfDistance = (index: number): number => (index < 4 ? 0 : (index >> 1) - 1);

/** `length` bytes as matches of 3-258 each. */
const matchesFor = (length: number): Match[] => {
  const matches: Match[] = [];
  for (let rest = length; rest > 0; ) {
    let piece = Math.min(rest, LONGEST_MATCH);
    // Two bytes cannot be a match of their own: leave three.
    if (rest - piece > 0 && rest - piece < 3) piece -= 3;
    const index = symbolIn(LENGTH_BASES, piece);
    matches.push({
      symbol: 257 + index,
      extra: piece - (LENGTH_BASES[index] ?? 0),
      extraBits: extraBitsOfLength(index),
    });
    rest -= piece;
  }
  return matches;
};

/** How the bytes of one image row depend on the modules of one symbol row. */
export interface RowLayout {
  /** Bytes a row, its filter byte included. */
  readonly stride: number;
  /** Overlaps of byte `i` (the filter byte not counted) are `[starts[i], starts[i + 1])` of the next two. */
  readonly starts: Uint16Array;
  readonly module: Uint16Array;
  /** Bits of the byte that the module covers. */
  readonly mask: Uint8Array;
}

const layoutOf = ({ px, modules, scale, offset }: Geometry): RowLayout => {
  const bytes = Math.ceil(px / 8);
  const starts = new Uint16Array(bytes + 1);
  const module: number[] = [];
  const mask: number[] = [];
  for (let byte = 0; byte < bytes; byte++) {
    for (let bit = 0; bit < 8; bit++) {
      const at = Math.floor((byte * 8 + bit - offset) / scale);
      if (at < 0 || at >= modules) continue;
      const last = module.length - 1;
      if (last >= (starts[byte] ?? 0) && module[last] === at) mask[last] = (mask[last] ?? 0) | (0x80 >> bit);
      else {
        module.push(at);
        mask.push(0x80 >> bit);
      }
    }
    starts[byte + 1] = module.length;
  }
  return { stride: bytes + 1, starts, module: Uint16Array.from(module), mask: Uint8Array.from(mask) };
};

/** Expected count of each literal in an image whose modules are dark or light by a fair coin. */
const literalWeights = (layout: RowLayout, geometry: Geometry): number[] => {
  const weights = new Array<number>(END_OF_BLOCK).fill(0);
  const add = (value: number, weight: number) => {
    weights[value] = (weights[value] ?? 0) + weight;
  };
  const blankRows = 2;
  add(0, geometry.modules + blankRows);
  add(0xff, (layout.stride - 1) * blankRows);
  for (let byte = 0; byte < layout.stride - 1; byte++) {
    const first = layout.starts[byte] ?? 0;
    const overlaps = (layout.starts[byte + 1] ?? 0) - first;
    for (let pattern = 0; pattern < 1 << overlaps; pattern++) {
      let dark = 0;
      for (let i = 0; i < overlaps; i++) if (pattern & (1 << i)) dark |= layout.mask[first + i] ?? 0;
      add(0xff ^ dark, geometry.modules / (1 << overlaps));
    }
  }
  return weights;
};

/** Everything about the DEFLATE stream of an image that does not depend on its modules. */
export interface RowCode {
  readonly geometry: Geometry;
  readonly layout: RowLayout;
  /** zlib header, block header and code tables. */
  readonly prefix: BitWriter;
  /** Code word of each literal and of the end of the block, with its length in the low {@link WORD_BITS}. */
  readonly words: Uint32Array;
  /** Words (value, bits) that repeat the last row: after the first, after a module row, after the last. */
  readonly repeats: { readonly above: Words; readonly row: Words; readonly below: Words };
  /** Longest stream this code can make, bytes. */
  readonly capacity: number;
}

export type Words = readonly (readonly [value: number, bits: number])[];

/**
 * The code for one geometry. Weights come from the geometry alone, never from an image seen before, so that the same
 * item has the same bytes in every process.
 */
export const rowCodeOf = (geometry: Geometry): RowCode => {
  const layout = layoutOf(geometry);
  const { stride } = layout;
  const { px, modules, scale, offset } = geometry;
  const below = px - offset - modules * scale;
  const runs = {
    above: matchesFor((offset - 1) * stride),
    row: matchesFor((scale - 1) * stride),
    below: matchesFor((below - 1) * stride),
  };
  const weights = [...literalWeights(layout, geometry), 1, ...LENGTH_BASES.map(() => 0)];
  for (const [run, times] of [[runs.above, 1] as const, [runs.row, modules] as const, [runs.below, 1] as const]) {
    for (const { symbol } of run) weights[symbol] = (weights[symbol] ?? 0) + times;
  }
  const lengths = codeLengths(weights);
  const codes = canonicalCodes(lengths);
  const distance = symbolIn(DISTANCE_BASES, stride);
  const distanceBits = extraBitsOfDistance(distance);
  const distanceExtra = stride - (DISTANCE_BASES[distance] ?? 0);
  const words = (run: readonly Match[]): Words =>
    run.flatMap(({ symbol, extra, extraBits }) => [
      [codes[symbol] ?? 0, lengths[symbol] ?? 0] as const,
      [extra, extraBits] as const,
      // The only distance code is one zero bit long.
      [distanceExtra << 1, distanceBits + 1] as const,
    ]);
  const repeats = { above: words(runs.above), row: words(runs.row), below: words(runs.below) };
  const wordBytes = (list: Words) => Math.ceil(list.reduce((sum, [, bits]) => sum + bits, 0) / 8);
  const prefix = prefixOf(lengths, distance);
  return {
    geometry,
    layout,
    prefix,
    words: Uint32Array.from(lengths.slice(0, END_OF_BLOCK + 1), (bits, i) => ((codes[i] ?? 0) << WORD_BITS) | bits),
    repeats,
    capacity:
      prefix.length +
      (modules + 2) * 2 * stride +
      modules * (wordBytes(repeats.row) + 1) +
      wordBytes(repeats.above) +
      wordBytes(repeats.below) +
      16,
  };
};

/** zlib header (RFC 1950) and the head of one final block with its own codes (RFC 1951, 3.2.7). */
const prefixOf = (lengths: readonly number[], distance: number): BitWriter => {
  const out = new BitWriter(1_024);
  out.put(0x78, 8);
  out.put(0x01, 8);
  out.put(0b101, 3);
  const literals = lengths.findLastIndex((length) => length > 0) + 1;
  const sent = [...lengths.slice(0, literals), ...new Array<number>(distance).fill(0), 1];
  const runs = lengthRuns(sent);
  const weights = new Array<number>(19).fill(0);
  for (const { symbol } of runs) weights[symbol] = (weights[symbol] ?? 0) + 1;
  const bits = codeLengths(weights, 7);
  const codes = canonicalCodes(bits);
  const order = CODE_LENGTH_ORDER.map((symbol) => bits[symbol] ?? 0);
  const ordered = order.slice(0, Math.max(4, order.findLastIndex((length) => length > 0) + 1));
  out.put(literals - 257, 5);
  out.put(distance, 5);
  out.put(ordered.length - 4, 4);
  for (const length of ordered) out.put(length, 3);
  for (const { symbol, extra, extraBits } of runs) {
    out.put(codes[symbol] ?? 0, bits[symbol] ?? 0);
    out.put(extra, extraBits);
  }
  return out;
};

/** Code lengths with their runs of zeros folded (symbols 17 and 18). */
const lengthRuns = (lengths: readonly number[]): Match[] => {
  const runs: Match[] = [];
  for (let i = 0; i < lengths.length; ) {
    let zeros = 0;
    while (zeros < 138 && i + zeros < lengths.length && lengths[i + zeros] === 0) zeros++;
    if (zeros >= 11) runs.push({ symbol: 18, extra: zeros - 11, extraBits: 7 });
    else if (zeros >= 3) runs.push({ symbol: 17, extra: zeros - 3, extraBits: 3 });
    else runs.push({ symbol: lengths[i] ?? 0, extra: 0, extraBits: 0 });
    i += zeros >= 3 ? zeros : 1;
  }
  return runs;
};
