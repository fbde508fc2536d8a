import { stringify } from 'csv-stringify/sync';
import type { Tally } from './item-lines.ts';

/**
 * The report of rows that cannot be used, for people: CSV with CRLF and a byte order mark, so that Excel reads it as UTF-8.
 * What begins like a formula gets an apostrophe (OWASP, "CSV Injection").
 */
export const reportOf = ({ errors, rowErrors }: Tally): string => {
  const rows = errors.map(({ line, id, reason }): [number | string, string, string] => [line, id, reason]);
  const left = rowErrors - errors.length;
  if (left > 0) rows.push(['', '', `and ${left} more rows that cannot be used`]);
  return stringify(rows, {
    header: true,
    columns: ['line', 'id', 'reason'],
    record_delimiter: '\r\n',
    escape_formulas: true,
    bom: true,
  });
};
