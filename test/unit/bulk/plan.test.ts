import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plannedItems, snapshotOf } from '../../../handlers/bulk-qr-processing/plan.ts';
import { rangesOf } from '../../../handlers/bulk-qr-processing/recovery.ts';
import { parseTemplate } from '../../../handlers/bulk-qr-processing/template.ts';
import type { Entry } from '../../../lib/batches/item.ts';

const template = (fields: object = {}) => parseTemplate(JSON.stringify(fields), 't');

const entries = fc
  .array(fc.record({ data: fc.string({ unit: 'grapheme', minLength: 1 }), bad: fc.boolean() }), { maxLength: 1_000 })
  .map((list): Entry[] =>
    list.map(({ data, bad }, i) =>
      bad ? { line: i + 1, id: '', reason: 'bad' } : { line: i + 1, id: `id ${i}`, data: `${data}\n\u2028"` },
    ),
  );

describe('a snapshot of the items', () => {
  it('holds each sound item in one chunk, in order, and cuts where the chunks say', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const { items, chunks, rejected } = snapshotOf(list, template());
        const sound = list.flatMap((entry) => ('data' in entry ? [[entry.line, entry.id, entry.data]] : []));
        const cut = chunks.map(({ offset, length }) => plannedItems(items.subarray(offset, offset + length)));
        expect(cut.flat().map(([line, id, data]) => [line, id, data])).toEqual(sound);
        expect(rejected.length + sound.length).toBe(list.length);
        expect(chunks.reduce((sum, { length }) => sum + length, 0)).toBe(items.length);
        for (const chunk of cut) expect(chunk.length).toBeGreaterThan(0);
      }),
      { numRuns: 30 },
    );
  });

  it('has chunks of 400 items, and fewer where each image costs more', () => {
    const list: Entry[] = Array.from({ length: 801 }, (_, i) => ({ line: i + 1, id: `${i}`, data: 'x' }));
    const logo = { key: 'l' };
    expect(snapshotOf(list, template()).chunks).toHaveLength(3);
    expect(snapshotOf(list, template({ logo })).chunks).toHaveLength(5);
    expect(snapshotOf(list, template({ logo, size: 4_096 })).chunks).toHaveLength(201);
  });
});

describe('chunk numbers', () => {
  it('become as few ranges as hold them', () => {
    expect(rangesOf([0, 1, 2, 5, 7, 8])).toEqual([
      { from: 0, to: 2 },
      { from: 5, to: 5 },
      { from: 7, to: 8 },
    ]);
    expect(rangesOf([])).toEqual([]);
  });
});
