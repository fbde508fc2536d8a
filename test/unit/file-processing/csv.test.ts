import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../../handlers/file-processing/imports/columns.ts';
import { csvRows } from '../../../handlers/file-processing/imports/csv-rows.ts';
import { itemLines, type Tally } from '../../../handlers/file-processing/imports/item-lines.ts';
import { reportOf } from '../../../handlers/file-processing/imports/report.ts';
import { until } from '../../support/until.ts';
import { inPieces, listed } from './tables.ts';

const rowsOf = async (bytes: Buffer | string, size?: number) => listed(csvRows(inPieces(Buffer.from(bytes), size)));
const cellsOf = async (bytes: Buffer | string, size?: number) => (await rowsOf(bytes, size)).map(({ cells }) => cells);

describe('the encoding of a table is found out', () => {
  const text = 'id,data\n1,Käse € –\n2,naïve\n';
  const wanted = [
    ['id', 'data'],
    ['1', 'Käse € –'],
    ['2', 'naïve'],
  ];
  const utf16 = Buffer.from(text, 'utf16le');
  const bytes: Readonly<Record<string, Buffer>> = {
    'UTF-8': Buffer.from(text),
    'UTF-8 with byte order mark': Buffer.from(`\ufeff${text}`),
    'UTF-16 LE with byte order mark': Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
    'UTF-16 BE with byte order mark': Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
    'UTF-16 LE without': utf16,
    'UTF-16 BE without': Buffer.from(utf16).swap16(),
    'Windows-1252': Buffer.from(text.replace('€', '\x80').replace('–', '\x96'), 'latin1'),
  };
  for (const [name, content] of Object.entries(bytes)) {
    it(`${name}, however the bytes arrive`, async () => {
      for (const size of [1, 2, 3, 7, 1_000]) expect(await cellsOf(content, size)).toEqual(wanted);
    });
  }

  it('also where the first letter that tells comes late', async () => {
    const ascii = 'id,data\n'.concat('1,plain text\n'.repeat(2_000));
    for (const size of [5_000, 4_097]) {
      expect((await cellsOf(Buffer.from(`${ascii}2,Ärger`, 'latin1'), size)).at(-1)).toEqual(['2', 'Ärger']);
      expect((await cellsOf(`${ascii}2,Ärger`, size)).at(-1)).toEqual(['2', 'Ärger']);
    }
    expect((await cellsOf(Buffer.from('id,data\n1,caf\xe9', 'latin1'))).at(-1)).toEqual(['1', 'café']);
  });
});

describe('rows of a CSV file', () => {
  it('are split by what the first line uses, or by what it says', async () => {
    for (const separator of [',', ';', '\t', '|']) {
      expect(await cellsOf(`id${separator}"a,b;c|d"\n1${separator}x\n`)).toEqual([
        ['id', 'a,b;c|d'],
        ['1', 'x'],
      ]);
    }
    expect(await rowsOf('sep=;\r\nid;data,more\r\n1;x')).toEqual([
      { line: 2, cells: ['id', 'data,more'] },
      { line: 3, cells: ['1', 'x'] },
    ]);
  });

  it('know their line, with blank lines and line breaks in quotes before them', async () => {
    const rows = await rowsOf('id,data\r\n\r\n1,"two\r\nlines"\r\n2,x', 5);
    expect(rows.map(({ line }) => line)).toEqual([1, 3, 5]);
    expect(rows[1]?.cells).toEqual(['1', 'two\r\nlines']);
  });

  it('with a quote that never closes are refused with the line', async () => {
    await expect(rowsOf('id,data\n1,x\n2,"open\n3,y')).rejects.toThrow(
      'The file cannot be read in row 3: a quote is opened there and never closed.',
    );
    await expect(rowsOf(`id,data\n1,"${'x'.repeat(300_000)}`)).rejects.toThrow('in row 2: a quote');
  });
});

it('who stops reading rows lets the file go', async () => {
  let isOpen = true;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (let i = 0; ; i++) yield Buffer.from(`id,data\n${i},x\n`.repeat(1_000));
    } finally {
      isOpen = false;
    }
  }
  for await (const { line } of csvRows(endless())) if (line > 10) break;
  await until('the file is closed', () => !isOpen);
});

describe('columns', () => {
  it('are found by known names in any case, or as the user chose', () => {
    expect(columnsOf(['Name', 'URL', ' Item_ID '], {})).toEqual({ id: 2, data: 1, label: 0 });
    expect(columnsOf(['Nr', 'Ziel', 'url'], { id: 'nr', data: 'Ziel' })).toEqual({ id: 0, data: 1 });
    expect(columnsOf(['sku', 'name'], { id: 'sku', data: 'Name' })).toEqual({ id: 0, data: 1 });
  });

  it('that are missing, twice or unknown are refused in words', () => {
    const refusals: readonly [string[], Record<string, string>, string][] = [
      [['id', 'colour'], {}, 'No column was found for data: choose one, or name it data, url, link'],
      [['id', 'data'], { data: 'Ziel' }, 'There is no column "Ziel", which was chosen for data.'],
      [['id', 'data', 'ID'], {}, 'Two columns are named "id"'],
      [['id', 'data'], { colour: 'x' }, 'Columns can be chosen for id, data, label, not for "colour".'],
    ];
    for (const [header, mapping, reason] of refusals) expect(() => columnsOf(header, mapping)).toThrow(reason);
  });
});

const imported = async (text: string, count = 1_000) => {
  const tally: Tally = { rows: 0, rowErrors: 0, errors: [] };
  const options = {
    mapping: {},
    maxRows: { count, because: 'the plan free allows no more in one batch' },
    signal: new AbortController().signal,
  };
  let lines = '';
  for await (const piece of itemLines(
    { rows: csvRows(inPieces(Buffer.from(text))), strictWidth: true },
    options,
    tally,
  )) {
    lines += piece;
  }
  return { tally, lines };
};

describe('items', () => {
  it('are made of valid rows, and every other row is reported with its line', async () => {
    const { tally, lines } = await imported('id,url,name\n1,https://a,A\n,x\n2,\n1,y\n3,z,B,rest\n4,\uFFFD\n5,ok\n');
    expect(lines).toBe('{"id":"1","data":"https://a","label":"A"}\n{"id":"5","data":"ok"}\n');
    expect(tally).toMatchObject({ rows: 2, rowErrors: 5 });
    expect(tally.errors.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'id is missing'],
      [4, 'data is missing'],
      [5, 'id was used on line 2 already'],
      [6, 'the row has 4 columns, the header 3: quote fields that hold separators'],
      [7, 'the row holds characters that cannot be read: save the file as UTF-8'],
    ]);
  });

  it('are not made of more rows than allowed, and the reason says why', async () => {
    await expect(imported('id,data\n1,a\n2,b\n3,c\n', 2)).rejects.toThrow(
      'The file has more than 2 rows, and the plan free allows no more in one batch.',
    );
    expect((await imported('id,data\n1,a\n2,b\n', 2)).tally.rows).toBe(2);
    await expect(imported('\n\n')).rejects.toThrow('The file is empty.');
  });
});

it('a report is harmless in a spreadsheet and says how much it leaves out', () => {
  const report = reportOf({ rows: 0, rowErrors: 12, errors: [{ line: 2, id: '=1+1', reason: 'data is missing' }] });
  expect(report).toBe("\ufeffline,id,reason\r\n2,'=1+1,data is missing\r\n,,and 11 more rows that cannot be used\r\n");
});
