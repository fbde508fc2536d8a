import type { ObjectStore } from '../../../lib/stores/objects.ts';
import type { Row } from '../imports/row.ts';
import { openArchive } from './archive.ts';
import { SHARED_STRINGS, sharedStringsOf } from './shared-strings.ts';
import { sheetRows } from './sheet-rows.ts';
import { workbookParts } from './workbook.ts';

/**
 * Rows of the first visible sheet of an Excel workbook, read from object storage as they are asked for.
 *
 * @throws FileRefused when it is no workbook, broken, or unpacks to too much
 */
export async function* xlsxRows(objects: ObjectStore, key: string, bytes: number): AsyncGenerator<Row> {
  const archive = await openArchive(objects, key, bytes);
  try {
    const parts = await workbookParts(archive);
    const shared = parts.sharedStrings;
    const strings = shared === undefined ? [] : await sharedStringsOf(archive.read(shared, SHARED_STRINGS.bytes));
    yield* sheetRows(archive.read(parts.sheet), strings);
  } finally {
    archive.close();
  }
}
