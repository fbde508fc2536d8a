import { stringify } from 'csv-stringify/sync';
import type { Rejected } from '../../lib/batches/item.ts';

/**
 * The two tables in a zip, RFC 4180 with CRLF.
 *
 * manifest.csv is for programs: `id` and `data` are byte for byte what the items file held, so a value that starts with
 * `=`, `+`, `-` or `@` stays as it is, and a spreadsheet that opens the file would take it for a formula. The data are
 * the requester's own, and every field is quoted; import it as text. errors.csv is for people: there such ids get a
 * leading apostrophe (OWASP, "CSV Injection"), and the line number says which item is meant.
 */
const CRLF = '\r\n';

export const MANIFEST_HEADER = `id,file,sha256,data${CRLF}`;

export type ManifestRow = readonly [id: string, file: string, sha256: string, data: string];

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Rows of manifest.csv without the header. Written by hand: one of the few things done for each of 250,000 items. */
export const manifestRows = (rows: readonly ManifestRow[]): string =>
  rows.map(([id, file, sha256, data]) => `${quoted(id)},${quoted(file)},${sha256},${quoted(data)}${CRLF}`).join('');

/** The whole errors.csv, in the order of the items file. */
export const errorsCsv = (errors: readonly Rejected[]): string =>
  stringify(
    [...errors].sort((a, b) => a.line - b.line).map(({ line, id, reason }) => [line, id, reason]),
    { header: true, columns: ['line', 'id', 'reason'], record_delimiter: CRLF, escape_formulas: true },
  );
