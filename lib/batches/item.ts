import { BATCH_LIMITS } from './limits.ts';

/** A code that was asked for. */
export interface Item {
  /** Line of the items file (of a CSV record: its first line), from 1. */
  readonly line: number;
  readonly id: string;
  /** What a scanner shall read. */
  readonly data: string;
  readonly label?: string;
}

/** An entry of the items file that cannot become a code. */
export interface Rejected {
  readonly line: number;
  /** As far as it could be read. */
  readonly id: string;
  /** A sentence for errors.csv. */
  readonly reason: string;
}

/** What one entry of the items file turned out to be. */
export type Entry = Item | Rejected;

export const isRejected = (entry: Entry): entry is Rejected => 'reason' in entry;

const CONTROL = /\p{Cc}/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : Number.isSafeInteger(value) ? String(value) : undefined;

/** A number that JSON does not carry digit by digit (1.10, 1e3, twenty digits): what was meant cannot be told any more. */
const isBlurred = (value: unknown): boolean => typeof value === 'number' && !Number.isSafeInteger(value);

/**
 * Checks the fields of one entry. Ids and data may be whole numbers; data may hold line breaks (a vCard does), ids may not.
 *
 * @param fields the entry as parsed: `id`, `data`, and `label` if any; other fields are left alone
 */
export const entryOf = (line: number, fields: Readonly<Record<string, unknown>>): Entry => {
  const id = textOf(fields.id)?.trim() ?? '';
  const shown = id.slice(0, BATCH_LIMITS.idLength).replace(/[\p{Cc}\p{Surrogate}]/gu, '�');
  const reject = (reason: string): Rejected => ({ line, id: shown, reason });
  for (const field of ['id', 'data']) {
    if (isBlurred(fields[field])) return reject(`${field} is a number that may have lost digits: put it in quotes`);
  }
  if (id === '') return reject('id is missing');
  if (id.length > BATCH_LIMITS.idLength) return reject(`id is longer than ${BATCH_LIMITS.idLength} characters`);
  if (CONTROL.test(id) || LONE_SURROGATE.test(id)) return reject('id holds a control character or broken Unicode');
  const data = textOf(fields.data);
  if (data === undefined || data === '') return reject('data is missing');
  if (LONE_SURROGATE.test(data)) return reject('data holds broken Unicode');
  const label = textOf(fields.label);
  return { line, id, data, ...(label === undefined || label === '' ? {} : { label }) };
};

/** Leaves the first entry of each id and rejects the others. */
export const withoutDuplicates = (entries: readonly Entry[]): Entry[] => {
  const firstLine = new Map<string, number>();
  return entries.map((entry) => {
    if (isRejected(entry)) return entry;
    const first = firstLine.get(entry.id);
    if (first !== undefined) return { line: entry.line, id: entry.id, reason: `id was used on line ${first} already` };
    firstLine.set(entry.id, entry.line);
    return entry;
  });
};
