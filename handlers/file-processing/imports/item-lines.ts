import { type Entry, entryOf, isRejected, type Rejected } from '../../../lib/batches/item.ts';
import { BATCH_LIMITS } from '../../../lib/batches/limits.ts';
import { FileRefused } from '../refused.ts';
import { type Columns, columnsOf, type FIELDS } from './columns.ts';
import { isBlank, type Row, type Table } from './row.ts';

/** What an import has come to so far. */
export interface Tally {
  /** Rows that became items. */
  rows: number;
  /** Rows that did not. */
  rowErrors: number;
  /** The first {@link REPORTED_ERRORS} of them. */
  readonly errors: Rejected[];
}

/** Rows of the error report: who has more has the same fault in all of them. */
export const REPORTED_ERRORS = 10_000;

/** Characters of items that are written together. */
const PIECE_CHARACTERS = 64 * 1024;

export interface ImportOptions {
  /** Header by item field, as the user chose. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Rows of the file at most, and why. */
  readonly maxRows: { readonly count: number; readonly because: string };
  /** Aborted when there is no time left. */
  readonly signal: AbortSignal;
}

/**
 * Turns the rows of a table into the lines of an items file (NDJSON), by the rules that batches have for items. A row that
 * breaks one stands in the tally instead, an id that was used before too.
 *
 * @throws FileRefused when the table has no such columns, too many rows or too much in them
 */
export async function* itemLines(table: Table, options: ImportOptions, tally: Tally): AsyncGenerator<Buffer> {
  const { mapping, maxRows, signal } = options;
  const firstLines = new Map<string, number>();
  let header: Header | undefined;
  let piece = '';
  let bytes = 0;
  for await (const row of table.rows) {
    if (isBlank(row)) continue;
    if (header === undefined) {
      header = headerOf(row, mapping);
      continue;
    }
    if (tally.rows + tally.rowErrors === maxRows.count) {
      throw new FileRefused(`The file has more than ${maxRows.count} rows, and ${maxRows.because}.`);
    }
    const entry = unused(itemOf(row, header, table.strictWidth), firstLines);
    if (isRejected(entry)) {
      tally.rowErrors += 1;
      if (tally.errors.length < REPORTED_ERRORS) tally.errors.push(entry);
      continue;
    }
    tally.rows += 1;
    const { id, data, label } = entry;
    piece += `${JSON.stringify({ id, data, label })}\n`;
    if (piece.length < PIECE_CHARACTERS) continue;
    signal.throwIfAborted();
    const lines = Buffer.from(piece);
    piece = '';
    bytes += lines.length;
    if (bytes > BATCH_LIMITS.itemsBytes) throw new FileRefused('The rows of the file hold too much for one batch.');
    yield lines;
  }
  if (header === undefined) throw new FileRefused('The file is empty.');
  if (piece !== '') yield Buffer.from(piece);
}

interface Header {
  readonly columns: Columns;
  readonly width: number;
}

const headerOf = ({ cells }: Row, mapping: Readonly<Record<string, string>>): Header => ({
  columns: columnsOf(
    cells.map((cell) => (typeof cell === 'string' ? cell : '')),
    mapping,
  ),
  width: cells.length,
});

const FIELD_NAMES = ['id', 'data', 'label'] as const satisfies readonly (keyof typeof FIELDS)[];

const itemOf = ({ line, cells }: Row, { columns, width }: Header, strictWidth: boolean): Entry => {
  const fields: Record<string, string> = {};
  for (const field of FIELD_NAMES) {
    const index = columns[field];
    const cell = index === undefined ? undefined : cells[index];
    if (cell === undefined) continue;
    if (typeof cell !== 'string') return { line, id: fields.id ?? '', reason: `${field} ${cell.fault}` };
    fields[field] = cell;
  }
  const id = fields.id ?? '';
  if (strictWidth && cells.length > width) {
    const reason = `the row has ${cells.length} columns, the header ${width}: quote fields that hold separators`;
    return { line, id, reason };
  }
  if (Object.values(fields).some((text) => text.includes('\uFFFD'))) {
    return { line, id, reason: 'the row holds characters that cannot be read: save the file as UTF-8' };
  }
  return entryOf(line, fields);
};

/** The first entry of an id is the one that counts. */
const unused = (entry: Entry, firstLines: Map<string, number>): Entry => {
  if (isRejected(entry)) return entry;
  const { id, line } = entry;
  const first = firstLines.get(id);
  if (first !== undefined) return { line, id, reason: `id was used on line ${first} already` };
  firstLines.set(id, line);
  return entry;
};
