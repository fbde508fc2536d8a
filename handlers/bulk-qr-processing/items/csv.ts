import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { type Entry, entryOf } from '../../../lib/batches/item.ts';
import { PermanentError } from '../../../lib/errors.ts';

const COLUMNS = ['id', 'data', 'label'];

/**
 * Entries of a CSV items file (RFC 4180): a header line with `id` and `data` and perhaps `label` in any order and case,
 * other columns ignored; comma, semicolon or tab as the header has it; quotes, line breaks in quotes, byte order mark.
 * A record that cannot be read is a rejected entry.
 *
 * @throws PermanentError BATCH_INVALID when the header lacks a column, or the file cannot be split into records
 */
export const parseCsv = (bytes: Buffer): Entry[] => {
  const sound = isUtf8(bytes);
  const entries: Entry[] = [];
  let header: readonly string[] | undefined;
  let line = 1;
  const take = (record: readonly string[]): void => {
    const first = line;
    // The parser's own count takes a CRLF in quotes for two lines.
    line += 1 + record.reduce((sum, field) => sum + lineBreaks(field), 0);
    if (header === undefined) header = headerOf(record);
    else if (record.length > 1 || record[0]?.trim() !== '') entries.push(recordOf(first, record, header, sound));
  };
  try {
    parse(bytes, {
      bom: true,
      // Given, not discovered from the header: a file that was put together from two may have both.
      record_delimiter: ['\r\n', '\n', '\r'],
      delimiter: delimiterOf(bytes),
      relax_column_count: true,
      relax_quotes: true,
      on_record: (record) => {
        take(record);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalid(`items.csv cannot be read: ${error.message}`);
  }
  if (header === undefined) throw invalid('items.csv is empty');
  return entries;
};

const lineBreaks = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;

const invalid = (message: string): PermanentError =>
  new PermanentError('BATCH_INVALID', message, { next: 'Correct items.csv and request the batch again' });

/** The separator of the header line: spreadsheets of many countries write semicolons. */
const delimiterOf = (bytes: Buffer): string => {
  const end = bytes.indexOf(0x0a);
  const head = bytes.subarray(0, end === -1 ? Math.min(bytes.length, 10_000) : end).toString('utf8');
  const count = (separator: string): number => head.split(separator).length;
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
};

const headerOf = (record: readonly string[]): readonly string[] => {
  const names = record.map((name) => name.trim().toLowerCase());
  for (const needed of ['id', 'data']) {
    if (!names.includes(needed))
      throw invalid(`items.csv has no column ${needed}: its first line must name id and data`);
  }
  for (const name of COLUMNS) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) throw invalid(`items.csv has two columns named ${name}`);
  }
  return names;
};

const recordOf = (line: number, record: readonly string[], header: readonly string[], sound: boolean): Entry => {
  const fields = Object.fromEntries(COLUMNS.map((name) => [name, record[header.indexOf(name)]]));
  if (!sound && Object.values(fields).some((value) => value?.includes('\uFFFD'))) {
    return { line, id: '', reason: 'the record is not valid UTF-8' };
  }
  if (record.length > header.length) {
    const reason = `the record has ${record.length} columns, the header ${header.length}: quote fields that hold separators`;
    return { line, id: fields.id ?? '', reason };
  }
  return entryOf(line, fields);
};
