import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileStems, foldOf, safeStem } from '../../../handlers/bulk-qr-processing/file-stems.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('CON', 'nul.txt', 'com1', '..', '../../etc/passwd', 'a/b', 'C:\\x', ' .a. ', '', '\u202egnp.exe'),
  fc.nat({ max: 300 }).map((length) => `con.${'a'.repeat(length)}`),
);

const expectSafe = (stem: string): void => {
  expect(stem).not.toBe('');
  expect(stem).not.toMatch(/[<>:"/\\|?*\p{C}]/u);
  expect(stem).not.toMatch(/^[\s.]|[\s.]$/u);
  expect(stem).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)\s*(\.|$)/i);
  expect(Buffer.byteLength(stem)).toBeLessThanOrEqual(201);
  expect(stem.normalize('NFC')).toBe(stem);
};

describe('a file name', () => {
  it('made of any text is one that every system takes', () => {
    fc.assert(
      fc.property(anyText, (text) => expectSafe(safeStem(text))),
      { numRuns: 500 },
    );
  });

  it('that is safe stays as it is', () => {
    for (const name of ['a', 'Order 17-b', 'größe_日本', 'v1.2']) expect(safeStem(name)).toBe(name);
  });

  it('is given to one item of a batch only, on every file system', () => {
    const id = fc.oneof(
      anyText,
      fc.constantFrom('a', 'A', 'ä', 'Ä', 'a\u0308', 'ß', 'SS', 'ſ', 's', 'ﬁ', 'fi', 'a-2', 'CON'),
    );
    const pattern = fc.constantFrom('{id}', '{label}', 'code', '{label}-{id}', 'CON', 'con.{id}');
    fc.assert(
      fc.property(fc.array(id, { maxLength: 30 }), pattern, (ids, given) => {
        const stemOf = fileStems(given);
        const stems = ids.map((one, i) => stemOf({ id: one, label: one }, i + 1));
        for (const stem of stems) expectSafe(stem);
        expect(new Set(stems.map(foldOf)).size).toBe(stems.length);
        expect(new Set(stems.map((stem) => stem.toLowerCase())).size).toBe(stems.length);
      }),
      { numRuns: 300 },
    );
  });

  it('follows the pattern, with the id where an item has no label', () => {
    const stemOf = fileStems('{index}_{label}_{id}');
    expect(stemOf({ id: 'a', label: 'Shop' }, 1)).toBe('1_Shop_a');
    expect(stemOf({ id: '$&', label: '{id}' }, 2)).toBe('2_{id}_$&');
    expect(stemOf({ id: 'b' }, 3)).toBe('3_b_b');
  });

  it('does not lead out of the folder, and tells by its number which item it was', () => {
    expect(fileStems('{id}')({ id: '../../etc/passwd' }, 7)).toBe('_.._etc_passwd-7');
  });
});
