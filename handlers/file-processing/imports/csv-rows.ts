import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { FileRefused } from '../refused.ts';
import { decodedText } from './encoding.ts';
import type { Row } from './row.ts';

/** Characters of one record; a quote that is never closed would take the rest of the file for one. */
const RECORD_CHARACTERS = 256 * 1024;
/** What is looked at for the separator. */
const HEAD_CHARACTERS = 64 * 1024;

const SEPARATORS = [',', ';', '\t', '|'];

/**
 * Rows of a CSV file (RFC 4180) as it streams in: any common encoding, comma, semicolon, tab or bar as its first line has
 * it, quotes, line breaks within quotes, and Excel's `sep=;` line. Blank lines are no rows but count as lines.
 *
 * @throws FileRefused when it cannot be split into records
 */
export async function* csvRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const text = decodedText(bytes);
  const head = await headOf(text);
  const declared = /^sep=([^\r\n])(?:\r\n|\r|\n)/i.exec(head);
  const parser = parse({
    // Given, not discovered from the header: a file that was put together from two may have both.
    record_delimiter: ['\r\n', '\n', '\r'],
    delimiter: declared?.[1] ?? separatorOf(head),
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: RECORD_CHARACTERS,
  });
  // What goes wrong in the source comes out of the parser.
  pipeline(Readable.from(joined(head, text)), parser, () => undefined);
  let line = 1;
  try {
    for await (const record of parser) {
      const cells: readonly string[] = record;
      const first = line;
      // The parser's own count takes a CRLF in quotes for two lines.
      line += 1 + cells.reduce((sum, cell) => sum + lineBreaks(cell), 0);
      const isSeparatorLine = first === 1 && declared !== null;
      if (!isSeparatorLine && !(cells.length === 1 && cells[0]?.trim() === '')) yield { line: first, cells };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The parser runs ahead of whoever takes its rows, and counts those it has made.
    const row = 'records' in error && typeof error.records === 'number' ? error.records + 1 : line;
    throw new FileRefused(`The file cannot be read in row ${row}: ${FAULTS[error.code] ?? error.message}.`);
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened there and never closed',
  CSV_MAX_RECORD_SIZE: 'a quote is opened there and not closed for very long, or the row is too large',
};

const lineBreaks = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;

/** The text up to the end of its first line, and what came with it. */
const headOf = async (text: AsyncGenerator<string>): Promise<string> => {
  let head = '';
  while (!/[\r\n]/.test(head) && head.length < HEAD_CHARACTERS) {
    const { done, value } = await text.next();
    if (done) break;
    head += value;
  }
  return head;
};

async function* joined(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

/** The separator of the first line, not counting what stands in quotes. */
const separatorOf = (head: string): string => {
  const line = head.replaceAll(/"[^"]*"/g, '').split(/[\r\n]/, 1)[0] ?? '';
  const count = (separator: string): number => line.split(separator).length;
  return SEPARATORS.reduce((best, other) => (count(other) > count(best) ? other : best));
};
