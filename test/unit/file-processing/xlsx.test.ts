import { describe, expect, it } from 'vitest';
import { xlsxRows } from '../../../handlers/file-processing/xlsx/xlsx-rows.ts';
import { workbookOf } from '../../support/xlsx.ts';
import { zipOf } from '../../support/zip-of.ts';
import { listed, storeOf } from './tables.ts';

const rowsOf = async (bytes: Buffer) => listed(xlsxRows(storeOf(bytes), 'a.xlsx', bytes.length));

/** A workbook's parts, with one of them changed. */
const changed = (name: string, part: { readonly content?: string | Buffer; readonly says?: number }) =>
  zipOf(...workbookOf('<row><c><v>1</v></c></row>').map((each) => (each.name === name ? { ...each, ...part } : each)));

describe('a workbook', () => {
  it('gives the rows of its first visible sheet, each kind of cell as people see it', async () => {
    const sheet = `
      <row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>
      <row r="4"><c r="A4"><v>12</v></c><c r="B4" t="str"><f>"http"&amp;A1</f><v>https://x</v></c><c r="C4" t="b"><v>1</v></c></row>
      <row r="5"><c r="A5"><f>1+1</f><v>0.30000000000000004</v></c><c r="B5" t="e"><v>#REF!</v></c><c r="C5"><v>12345678901234567890</v></c></row>
      <row><c t="inlineStr"><is><r><t>rich</t></r><r><t xml:space="preserve"> text</t></r></is></c></row>`;
    const shared = ['<t>id</t>', '<r><t>Q</t></r><r><t>R &amp; co</t></r><rPh><t>kana</t></rPh>'];
    expect(await rowsOf(zipOf(...workbookOf(sheet, shared)))).toEqual([
      { line: 1, cells: ['id', '', 'QR & co'] },
      { line: 4, cells: ['12', 'https://x', 'TRUE'] },
      {
        line: 5,
        cells: [
          '0.3',
          { fault: 'holds the error #REF!' },
          { fault: 'is a number of more than 15 digits, some of which are lost: format the column as text' },
        ],
      },
      { line: 6, cells: ['rich text'] },
    ]);
  });

  it('with thousands of rows is read in pieces', async () => {
    const sheet = Array.from({ length: 20_000 }, (_, i) => `<row><c><v>${i}</v></c></row>`).join('');
    const rows = await rowsOf(zipOf(...workbookOf(sheet)));
    expect(rows).toHaveLength(20_000);
    expect(rows.at(-1)).toEqual({ line: 20_000, cells: ['19999'] });
  });
});

describe('what is no sound workbook is refused', () => {
  const shared = 'xl/sharedStrings.xml';
  const cases: readonly (readonly [what: string, bytes: () => Buffer, reason: string])[] = [
    ['another zip', () => zipOf({ name: 'word/document.xml', content: '<w/>' }), 'no Excel workbook'],
    ['a broken zip', () => Buffer.from('PK\x03\x04 and no more'), 'The workbook is broken'],
    [
      'broken XML',
      () => changed('xl/worksheets/sheet1.xml', { content: '<worksheet><row>' }),
      'The workbook is broken',
    ],
    ['shared texts past the limit', () => changed(shared, { says: 97 * 1024 ** 2 }), 'unpacks to more'],
    [
      'a part that unpacks to more than it says',
      () => changed(shared, { content: 'x'.repeat(1e6), says: 100 }),
      'broken',
    ],
    ['a sheet that says gigabytes', () => changed('xl/worksheets/sheet1.xml', { says: 4e9 }), 'unpacks to more'],
    [
      'entities of its own',
      () => changed(shared, { content: '<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>' }),
      'The workbook is broken',
    ],
  ];
  for (const [what, bytes, reason] of cases) {
    it(what, async () => {
      await expect(rowsOf(bytes())).rejects.toThrow(reason);
    });
  }
});
