import fc from 'fast-check';
import { expect, it } from 'vitest';
import { array, bytes, int8, int16, int32, readerOf, string } from '../../../lib/kafka/wire.ts';

it('what is written is read back, byte for byte', () => {
  const value = fc.record({
    small: fc.integer({ min: -128, max: 127 }),
    short: fc.integer({ min: -32_768, max: 32_767 }),
    word: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    text: fc.option(fc.string({ unit: 'grapheme', maxLength: 8 })),
    blob: fc.uint8Array().map((part) => Buffer.from(part)),
    list: fc.array(fc.string({ maxLength: 8 }), { maxLength: 5 }),
  });
  fc.assert(
    fc.property(value, ({ small, short, word, text, blob, list }) => {
      const reader = readerOf(
        Buffer.concat([int8(small), int16(short), int32(word), string(text), bytes(blob), array(list.map(string))]),
      );
      const found = {
        ...{ small: reader.int8(), short: reader.int16(), word: reader.int32(), text: reader.string() },
        ...{ blob: Buffer.from(reader.bytes()), list: reader.array(() => reader.string()) },
      };
      expect(found).toEqual({ small, short, word, text, blob, list });
    }),
  );
});

it('an answer that ends too early is an error, never a wrong value', () => {
  const whole = Buffer.concat([string('qr'), array([int32(1), int32(2)])]);
  for (let length = 0; length < whole.length; length += 1) {
    const reader = readerOf(whole.subarray(0, length));
    expect(() => [reader.string(), reader.array(reader.int32)]).toThrow(RangeError);
  }
});
