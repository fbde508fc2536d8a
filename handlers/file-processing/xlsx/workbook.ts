import { FileRefused } from '../refused.ts';
import type { Archive } from './archive.ts';
import { readWholeXml } from './xml.ts';

/** The parts that say where the others are: small in every workbook. */
const INDEX_BYTES = 4 * 1024 * 1024;

const WORKBOOK = 'xl/workbook.xml';
const RELATIONS = 'xl/_rels/workbook.xml.rels';

/** Where in the archive the parts lie that hold a table. */
export interface WorkbookParts {
  /** Of the first sheet that is shown. */
  readonly sheet: string;
  /** Texts that cells share; absent in workbooks that write them into the cells. */
  readonly sharedStrings?: string;
}

/**
 * Finds the first visible sheet (ECMA-376 part 1, 18.2.19) and the shared strings by the workbook's relations.
 *
 * @throws FileRefused when the archive is no workbook
 */
export const workbookParts = async (archive: Archive): Promise<WorkbookParts> => {
  if (!archive.has(WORKBOOK) || !archive.has(RELATIONS)) {
    throw new FileRefused('The file is a zip archive but no Excel workbook: upload a CSV file or an .xlsx workbook.');
  }
  const sheets: string[] = [];
  await readWholeXml(archive.read(WORKBOOK, INDEX_BYTES), {
    open: (name, attribute) => {
      if (name !== 'sheet' || !['visible', undefined].includes(attribute('state'))) return;
      const relation = attribute('r:id') ?? attribute('id');
      if (relation !== undefined) sheets.push(relation);
    },
    close: () => undefined,
    text: () => undefined,
  });
  const targets = new Map<string, string>();
  let sharedStrings: string | undefined;
  await readWholeXml(archive.read(RELATIONS, INDEX_BYTES), {
    open: (name, attribute) => {
      const [id, target, type] = [attribute('Id'), attribute('Target'), attribute('Type')];
      if (name !== 'Relationship' || id === undefined || target === undefined) return;
      targets.set(id, pathOf(target));
      if (type?.endsWith('/sharedStrings') === true) sharedStrings = pathOf(target);
    },
    close: () => undefined,
    text: () => undefined,
  });
  const sheet = sheets.map((id) => targets.get(id)).find((target) => target !== undefined && archive.has(target));
  if (sheet === undefined) throw new FileRefused('The workbook has no sheet that is shown.');
  const hasShared = sharedStrings !== undefined && archive.has(sharedStrings);
  return { sheet, ...(hasShared && sharedStrings !== undefined ? { sharedStrings } : {}) };
};

/** A target is meant from the folder of the workbook, unless it begins with a slash. */
const pathOf = (target: string): string =>
  target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`;
