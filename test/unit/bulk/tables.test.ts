import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderChunk } from '../../../handlers/bulk-qr-processing/chunk.ts';
import { ItemError } from '../../../handlers/bulk-qr-processing/render/item-error.ts';
import { errorsCsv, MANIFEST_HEADER, manifestRows } from '../../../handlers/bulk-qr-processing/tables.ts';
import { dosTimeOf } from '../../../handlers/bulk-qr-processing/zip/records.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 30 });

describe('manifest.csv', () => {
  it('gives every field back as it was, by the rules of RFC 4180', () => {
    const row = fc.tuple(text, text, fc.stringMatching(/^[0-9a-f]{64}$/), text);
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const file = MANIFEST_HEADER + manifestRows(rows);
        expect(parse(file, { record_delimiter: '\r\n' })).toEqual([['id', 'file', 'sha256', 'data'], ...rows]);
      }),
    );
  });

  it('tells the hash of each image, and what failed stands in the errors', () => {
    const render = (data: string) => {
      if (data === 'bad') throw new ItemError('too long');
      return [{ format: 'svg' as const, bytes: Buffer.from(`<${data}>`) }];
    };
    const fragment = renderChunk(
      [
        [1, 'a', 'x', 'a'],
        [2, 'b', 'bad', 'b'],
      ],
      render,
      dosTimeOf(''),
    );
    const hash = createHash('sha256').update('<x>').digest('hex');
    expect(fragment.manifest.toString()).toBe(`"a","codes/a.svg",${hash},"x"\r\n`);
    expect(fragment).toMatchObject({ entries: 1, succeeded: 1, errors: [{ line: 2, id: 'b', reason: 'too long' }] });
  });

  it('does not take a fault of the program for one of the item', () => {
    const render = () => {
      throw new TypeError('ours');
    };
    expect(() => renderChunk([[1, 'a', 'x', 'a']], render, dosTimeOf(''))).toThrow('ours');
  });
});

describe('errors.csv', () => {
  it('is in the order of the items file, and holds nothing that a spreadsheet takes for a formula', () => {
    const first = fc.constantFrom('=', '+', '-', '@', '\t', '', 'a', '"');
    const error = fc.record({
      line: fc.nat(),
      id: fc.tuple(first, text).map(([a, b]) => a + b),
      reason: fc.constant('r'),
    });
    fc.assert(
      fc.property(fc.array(error), (errors) => {
        const [header, ...rows]: string[][] = parse(errorsCsv(errors), { record_delimiter: '\r\n' });
        expect(header).toEqual(['line', 'id', 'reason']);
        const lines = rows.map(([line]) => Number(line));
        expect(lines).toEqual([...lines].sort((a, b) => a - b));
        for (const [, id = ''] of rows) expect(id).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});
