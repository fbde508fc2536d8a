import type { ReadableRecord } from '../operations/records.ts';
import { escaped } from './escape.ts';
import { colours } from './terminal.ts';

/** Columns of fixed width, because rows are printed as they come; the last takes what is left. */
const COLUMNS = [
  { head: 'PARTITION', width: 9, right: true },
  { head: 'OFFSET', width: 10, right: true },
  { head: 'TIME', width: 24, right: false },
  { head: 'KEY', width: 36, right: false },
  { head: 'EVENT TYPE', width: 28, right: false },
  { head: 'VALUE', width: 60, right: false },
] as const;

const row = (cells: readonly string[]): string =>
  COLUMNS.map(({ width, right }, i) => {
    const text = cells[i] ?? '';
    const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
    return right ? cut.padStart(width) : cut.padEnd(width);
  })
    .join('  ')
    .trimEnd();

/** The event's payload is what tells records of a topic apart; of anything else the whole. */
const shownValue = ({ value, format, problem }: ReadableRecord): string => {
  if (format === 'empty') return '(tombstone)';
  if (problem !== null) return `not decoded: ${problem}`;
  const isEvent = typeof value === 'object' && value !== null && 'payload' in value;
  return typeof value === 'string' ? value : JSON.stringify(isEvent ? value.payload : value);
};

export const recordRowHead = (): string => colours.dim(row(COLUMNS.map(({ head }) => head)));

/** A record as one line of a table. */
export const recordRow = (record: ReadableRecord): string => {
  const { partition, offset, timestamp, key, headers } = record;
  const cells = [String(partition), String(offset), timestamp, key ?? '-', headers['event-type'] ?? '-'];
  return row([...cells, shownValue(record)].map((text) => escaped(text).replaceAll(/\s+/g, ' ')));
};
