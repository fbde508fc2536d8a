import { TextDecoder } from 'node:util';
import { utf16Of } from '../content-type.ts';

/** What is looked at for zero bytes. */
const PROBE_BYTES = 4_096;

/**
 * Decodes text whose encoding nobody has told: UTF-8 and UTF-16 by byte order mark, UTF-16 by its zero bytes, else UTF-8 or
 * Windows-1252. The last two are the same as long as there is only ASCII, so the text flows until the first other byte, and
 * the piece that holds it decides: what is no UTF-8 there is Windows-1252, which spreadsheets in Europe still write.
 */
export async function* decodedText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const undecided = new Undecided();
  let decoder: Decoder | undefined;
  for await (const chunk of bytes) {
    if (decoder !== undefined) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    const { ascii, encoding, rest } = undecided.take(chunk, false);
    if (ascii !== '') yield ascii;
    if (encoding === undefined) continue;
    decoder = decoderOf(encoding);
    yield decoder.decode(rest, { stream: true });
  }
  if (decoder === undefined) {
    const { ascii, encoding = 'utf-8', rest } = undecided.take(new Uint8Array(), true);
    decoder = decoderOf(encoding);
    yield ascii + decoder.decode(rest);
    return;
  }
  yield decoder.decode();
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

interface Decoder {
  decode(bytes?: Uint8Array, options?: { readonly stream: boolean }): string;
}

/** Node 20 decodes Windows-1252 as Latin-1, which has control characters where this has the euro and the dashes. */
const HIGH = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

const WINDOWS_1252: Decoder = {
  decode: (bytes = new Uint8Array()) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      .toString('latin1')
      .replaceAll(/[\x80-\x9f]/g, (character) => HIGH[character.charCodeAt(0) - 0x80] ?? character),
};

const decoderOf = (encoding: Encoding): Decoder =>
  encoding === 'windows-1252' ? WINDOWS_1252 : new TextDecoder(encoding);

interface Taken {
  /** Text that is the same in every encoding in question. */
  readonly ascii: string;
  /** The encoding, once it is known. */
  readonly encoding?: Encoding;
  /** What is to be decoded with it. */
  readonly rest: Uint8Array;
}

/** Collects what comes before the encoding is known. */
class Undecided {
  #held: Buffer = Buffer.alloc(0);
  #begun = false;

  take(chunk: Uint8Array, isEnd: boolean): Taken {
    this.#held = Buffer.concat([this.#held, chunk]);
    const held = this.#held;
    if (!this.#begun) {
      if (held.length < PROBE_BYTES && !isEnd) return { ascii: '', rest: new Uint8Array() };
      this.#begun = true;
      const encoding = marked(held) ?? utf16Of(held.subarray(0, PROBE_BYTES));
      if (encoding !== undefined) return { ascii: '', encoding, rest: held };
    }
    const first = held.findIndex((byte) => byte >= 0x80);
    const plain = first === -1 ? held.length : first;
    const ascii = held.toString('latin1', 0, plain);
    this.#held = held.subarray(plain);
    if (first === -1) return { ascii, rest: new Uint8Array() };
    // A sequence that the piece cuts off says nothing yet.
    if (this.#held.length < 4 && !isEnd) return { ascii, rest: new Uint8Array() };
    return { ascii, encoding: isUtf8(this.#held, isEnd) ? 'utf-8' : 'windows-1252', rest: this.#held };
  }
}

const marked = (bytes: Buffer): Encoding | undefined =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;

const isUtf8 = (bytes: Uint8Array, isEnd: boolean): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isEnd });
    return true;
  } catch {
    return false;
  }
};
