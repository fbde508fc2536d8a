import { type ZipPart, zipOf } from './zip-of.ts';

const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The parts of a workbook with one sheet: its `sheetData`, and shared texts where it has some. */
export const workbookOf = (sheetData: string, shared: readonly string[] = []): ZipPart[] => [
  { name: '[Content_Types].xml', content: '<Types/>' },
  {
    name: 'xl/workbook.xml',
    content: `<?xml version="1.0"?><workbook xmlns:r="${RELATION}"><sheets>
      <sheet name="Notes" sheetId="1" state="hidden" r:id="rId9"/><sheet name="Codes" sheetId="2" r:id="rId1"/></sheets></workbook>`,
  },
  {
    name: 'xl/_rels/workbook.xml.rels',
    content: `<Relationships><Relationship Id="rId1" Type="${RELATION}/worksheet" Target="worksheets/sheet1.xml"/>
      <Relationship Id="rId2" Type="${RELATION}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
  },
  {
    name: 'xl/sharedStrings.xml',
    content: `<sst>${shared.map((text) => `<si>${text}</si>`).join('')}</sst>`,
  },
  { name: 'xl/worksheets/sheet1.xml', content: `<worksheet><sheetData>${sheetData}</sheetData></worksheet>` },
];

/** A workbook whose cells are inline texts. */
export const simpleXlsx = (rows: readonly (readonly string[])[]): Buffer =>
  zipOf(
    ...workbookOf(
      rows
        .map((row) => `<row>${row.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`)
        .join(''),
    ),
  );
