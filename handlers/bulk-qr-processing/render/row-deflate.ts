import { type RowCode, WORD_BITS, WORD_MASK, type Words } from './row-code.ts';
import type { QrSymbol } from './symbol.ts';

const ADLER_BASE = 65_521;
const END_OF_BLOCK = 256;
const LIGHT = 0xff;

/**
 * A zlib stream (RFC 1950) of the 1-bit image of a symbol, rows led by PNG's filter byte 0, dark modules 0 and light ones
 * 1. A symbol's image has few distinct rows, so the stream is written directly: each distinct row as literals, its
 * repeats as matches one row back, and the Adler-32 checksum of the repeats from a closed form. zlib itself spends most
 * of its time on the 250 KB state it clears for every image.
 *
 * @param code made for the symbol's geometry
 * @returns a view that the next call overwrites
 */
export const deflateRows = (symbol: QrSymbol, code: RowCode): Uint8Array => {
  const { layout, geometry, words, repeats } = code;
  const { stride, starts, module, mask } = layout;
  const { modules, scale, offset, px } = geometry;
  const pixels = symbol.modules;
  const row = new Uint8Array(stride - 1);
  const out = scratch(code.capacity);
  out.set(code.prefix.bytes.subarray(0, code.prefix.length));
  // The bit writer is written out here: a call for each of some 2,000 literals would take half of the time.
  let at = code.prefix.length;
  let held = code.prefix.rest.value;
  let heldBits = code.prefix.rest.bits;
  let a = 1;
  let b = 0;

  const put = (value: number, bits: number): void => {
    held |= value << heldBits;
    heldBits += bits;
    while (heldBits >= 8) {
      out[at++] = held & 0xff;
      held >>>= 8;
      heldBits -= 8;
    }
  };

  const emit = (count: number, repeat: Words): void => {
    put((words[0] ?? 0) >>> WORD_BITS, (words[0] ?? 0) & WORD_MASK);
    let acc = held;
    let bits = heldBits;
    let sum = 0;
    let weighted = 0;
    for (let i = 0, left = row.length; left > 0; i++, left--) {
      const value = row[i] ?? 0;
      const word = words[value] ?? 0;
      acc |= (word >>> WORD_BITS) << bits;
      bits += word & WORD_MASK;
      while (bits >= 8) {
        out[at++] = acc;
        acc >>>= 8;
        bits -= 8;
      }
      sum += value;
      weighted += left * value;
    }
    held = acc;
    heldBits = bits;
    for (const [value, length] of repeat) put(value, length);
    b = (b + count * (stride * a + weighted) + ((sum * stride * count) / 2) * (count - 1)) % ADLER_BASE;
    a = (a + count * sum) % ADLER_BASE;
  };

  const below = px - offset - modules * scale;
  row.fill(LIGHT);
  if (offset > 0) emit(offset, repeats.above);
  for (let y = 0; y < modules; y++) {
    const base = y * modules;
    for (let i = 0, k = 0; i < row.length; i++) {
      let dark = 0;
      for (const end = starts[i + 1] ?? 0; k < end; k++) {
        // A dark module is 1: its negative has all bits set.
        dark |= -(pixels[base + (module[k] ?? 0)] ?? 0) & (mask[k] ?? 0);
      }
      row[i] = LIGHT ^ dark;
    }
    emit(scale, repeats.row);
  }
  row.fill(LIGHT);
  if (below > 0) emit(below, repeats.below);

  put((words[END_OF_BLOCK] ?? 0) >>> WORD_BITS, (words[END_OF_BLOCK] ?? 0) & WORD_MASK);
  if (heldBits > 0) put(0, 8 - heldBits);
  for (const byte of [b >>> 8, b & 0xff, a >>> 8, a & 0xff]) put(byte, 8);
  return out.subarray(0, at);
};

let shared = new Uint8Array(0);

/** Room that the next call reuses: callers copy what they keep. */
const scratch = (capacity: number): Uint8Array => {
  if (shared.length < capacity) shared = new Uint8Array(capacity);
  return shared;
};
