import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../../handlers/bulk-qr-processing/items/csv.ts';
import { parseNdjson } from '../../../handlers/bulk-qr-processing/items/ndjson.ts';
import { parseItems } from '../../../handlers/bulk-qr-processing/plan.ts';
import { type Entry, withoutDuplicates } from '../../../lib/batches/item.ts';

const BOM = '\uFEFF';
const ndjson = (text: string): Entry[] => parseNdjson(Buffer.from(text));
const csv = (text: string): Entry[] => parseCsv(Buffer.from(text));
const reasons = (entries: readonly Entry[]): (string | undefined)[] =>
  entries.map((entry) => ('reason' in entry ? entry.reason : undefined));

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((value) => !/\p{Surrogate}/u.test(value));
const id = text.map((value) => value.replace(/\p{Cc}/gu, '').trim()).filter((value) => value !== '');
const items = fc.array(fc.record({ id, data: text }), { minLength: 1, maxLength: 20 });

describe('items.ndjson', () => {
  it('gives back what was written, whatever the line ends and blank lines', () => {
    fc.assert(
      fc.property(items, fc.constantFrom('\n', '\r\n', '\n\n', '\n \n'), fc.boolean(), (list, end, hasBom) => {
        const file = `${hasBom ? BOM : ''}${list.map((item) => JSON.stringify(item)).join(end)}${end}`;
        const step = end.split('\n').length - 1;
        expect(ndjson(file)).toEqual(list.map((item, i) => ({ line: 1 + i * step, ...item })));
      }),
    );
  });

  it('rejects a line that cannot be read, and reads the next', () => {
    const lines = ['{"id":"1","data":"a"}', '{oops', '[1]', 'null', '{"id":"2"}', '{"data":"x"}', '{"id":3,"data":4}'];
    const entries = ndjson(lines.join('\n'));
    expect(reasons(entries)).toEqual([
      undefined,
      'the line is not valid JSON',
      'the line is not a JSON object',
      'the line is not a JSON object',
      'data is missing',
      'id is missing',
      undefined,
    ]);
    expect(entries[6]).toEqual({ line: 7, id: '3', data: '4' });
  });

  it('rejects only the line that is not UTF-8', () => {
    const file = Buffer.concat([
      Buffer.from('{"id":"ä","data":"ö"}\n{"id":"2","data":"'),
      Buffer.from([0xe4]),
      Buffer.from('"}\n{"id":"3","data":"ü"}'),
    ]);
    expect(parseNdjson(file)).toMatchObject([
      { id: 'ä', data: 'ö' },
      { line: 2, reason: 'the line is not valid UTF-8' },
      { line: 3, data: 'ü' },
    ]);
  });

  it('rejects numbers that JSON does not carry digit by digit', () => {
    for (const number of ['12345678901234567890', '1.10', '1e400']) {
      expect(reasons(ndjson(`{"id":"a","data":${number}}`))).toEqual([
        'data is a number that may have lost digits: put it in quotes',
      ]);
    }
    expect(ndjson('{"id":1,"data":4012345678901}')).toEqual([{ line: 1, id: '1', data: '4012345678901' }]);
  });

  it('rejects ids and data that are not sound text', () => {
    const long = 'x'.repeat(201);
    expect(
      reasons(
        ndjson([`{"id":"${long}","data":"a"}`, '{"id":"a\\nb","data":"a"}', '{"id":"a","data":"\\ud800"}'].join('\n')),
      ),
    ).toEqual([
      'id is longer than 200 characters',
      'id holds a control character or broken Unicode',
      'data holds broken Unicode',
    ]);
  });
});

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

describe('items.csv', () => {
  it('gives back what was written, whatever the separator, line ends, quotes and order of columns', () => {
    const separator = fc.constantFrom(',', ';', '\t');
    fc.assert(
      fc.property(items, separator, fc.constantFrom('\n', '\r\n'), fc.boolean(), (list, between, end, hasBom) => {
        const lines = [['Data', 'ID', 'other'], ...list.map((item) => [quoted(item.data), quoted(item.id), 'x'])];
        const file = `${hasBom ? BOM : ''}${lines.map((line) => line.join(between)).join(end)}${end}`;
        expect(csv(file).map((entry) => ({ ...entry, line: 0 }))).toEqual(list.map((item) => ({ line: 0, ...item })));
      }),
    );
  });

  it('keeps line breaks in quotes and counts the lines of the file', () => {
    expect(csv('id,data\r\n1,"BEGIN\r\nEND"\r\n\r\n2,b\r\n')).toEqual([
      { line: 2, id: '1', data: 'BEGIN\r\nEND' },
      { line: 5, id: '2', data: 'b' },
    ]);
  });

  it('reads a file whose lines do not all end the same way', () => {
    expect(csv('id,data\r\n1,a\n2,b\r\n3,c')).toMatchObject([{ id: '1' }, { id: '2' }, { id: '3', data: 'c' }]);
  });

  it('takes a quote inside a field as it is', () => {
    expect(csv('id,data\n1,5" pipe')).toEqual([{ line: 2, id: '1', data: '5" pipe' }]);
  });

  it('takes the label where there is one', () => {
    expect(csv('id,data,label\n1,a,Shop\n2,b,')).toEqual([
      { line: 2, id: '1', data: 'a', label: 'Shop' },
      { line: 3, id: '2', data: 'b' },
    ]);
  });

  it('rejects records with too many or too few columns, and says how to help', () => {
    expect(reasons(csv('id,data\n1,a,b\n2\n3,c'))).toEqual([
      'the record has 3 columns, the header 2: quote fields that hold separators',
      'data is missing',
      undefined,
    ]);
  });

  it('rejects only the record that is not UTF-8', () => {
    const file = Buffer.concat([Buffer.from('id,data\n1,ä\n2,'), Buffer.from([0xfc]), Buffer.from('\n3,c\n')]);
    expect(reasons(parseCsv(file))).toEqual([undefined, 'the record is not valid UTF-8', undefined]);
  });

  it.each([
    ['', /is empty/],
    ['1,a\n2,b', /no column id/],
    ['id,label\n1,x', /no column data/],
    ['id,data,id\n1,a,2', /two columns named id/],
    ['id,data\n1,"a', /cannot be read/],
  ])('%j cannot be split into items', (file, message) => {
    expect(() => csv(file)).toThrow(message);
  });
});

describe('an items file', () => {
  it('rejects all but the first entry of an id', () => {
    const entries = ndjson('{"id":"a","data":"1"}\n{"id":"b","data":"2"}\n{"id":"a","data":"3"}');
    expect(reasons(withoutDuplicates(entries))).toEqual([undefined, undefined, 'id was used on line 1 already']);
  });

  it.each([
    ['', 1, /holds no items/],
    ['{}\n{}', 3, /holds 2 items, and the request says 3/],
  ])('of %j and %i announced items is refused', (file, announced, message) => {
    expect(() => parseItems('ndjson', Buffer.from(file), announced)).toThrow(message);
  });

  it('in UTF-16 is refused by that name', () => {
    expect(() => parseItems('csv', Buffer.from('\uFEFFid,data', 'utf16le'), 1)).toThrow(/UTF-16/);
  });
});
