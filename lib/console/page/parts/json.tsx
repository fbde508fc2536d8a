/** Names, texts, numbers and words of JSON; what lies between is punctuation. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)/g;

/** More is shown without colours: a span a token has its price. */
const COLOURED_CHARACTERS = 100_000;

interface Piece {
  readonly kind: 'name' | 'text' | 'number' | 'word' | undefined;
  readonly text: string;
}

const piecesOf = (json: string): readonly Piece[] => {
  if (json.length > COLOURED_CHARACTERS) return [{ kind: undefined, text: json }];
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of json.matchAll(TOKEN)) {
    const [whole, text, colon, number] = match;
    if (match.index > at) pieces.push({ kind: undefined, text: json.slice(at, match.index) });
    const kind =
      text === undefined ? (number === undefined ? 'word' : 'number') : colon === undefined ? 'text' : 'name';
    pieces.push({ kind, text: whole });
    at = match.index + whole.length;
  }
  return [...pieces, { kind: undefined, text: json.slice(at) }];
};

/** A value as indented JSON; a text as it is. All of it is text to the browser, whatever it says. */
export const Json = ({ value, label }: { value: unknown; label: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  <section class="json" aria-label={label} tabIndex={0}>
    <pre>
      {typeof value === 'string'
        ? value
        : piecesOf(JSON.stringify(value, null, 2) ?? '').map(({ kind, text }, i) => (
            <span key={`${String(i)}`} class={kind}>
              {text}
            </span>
          ))}
    </pre>
  </section>
);
