import { randomUUID } from 'node:crypto';
import type { ObjectStore } from '../objects.ts';
import { INBOX_PREFIX } from './object-keys.ts';
import type { HistoryRow } from './row.ts';
import { fileOf, rowsIn } from './row-file.ts';

/** Rows that are sorted into objects together: each costs the rewriting of up to 32 of them. */
const ROWS_AT_ONCE = 50_000;

/**
 * Keeps rows until they are sorted into the objects that readers look at: one request, however many subjects they are of.
 * Every call has an object of its own: one that another process is sorting is never replaced.
 *
 * @param name what the rows come from, for people
 */
export const addToInbox = async (objects: ObjectStore, name: string, rows: readonly HistoryRow[]): Promise<void> => {
  if (rows.length > 0) await objects.put(`${INBOX_PREFIX}${name}-${randomUUID()}.ndjson.gz`, await fileOf(rows));
};

export interface MergeOptions {
  /** Aborted when the time is up; what is left is for the next one. */
  readonly signal: AbortSignal;
  /** Sorts rows into objects; the largest revision of a row wins, so that doing it twice changes nothing. */
  readonly put: (rows: readonly HistoryRow[]) => Promise<void>;
}

/**
 * Sorts what waits into the objects that readers look at, and takes it out of the inbox only then: cut off anywhere it is
 * done again.
 *
 * @returns how many rows were sorted
 */
export const mergeInbox = async (objects: ObjectStore, { signal, put }: MergeOptions): Promise<number> => {
  const waiting = await objects.list(INBOX_PREFIX);
  let merged = 0;
  while (waiting.length > 0) {
    signal.throwIfAborted();
    const keys: string[] = [];
    const rows: HistoryRow[] = [];
    while (waiting.length > 0 && rows.length < ROWS_AT_ONCE) {
      const key = waiting.shift() ?? '';
      const file = await objects.get(key);
      keys.push(key);
      if (file !== undefined) for (const row of await rowsIn(file)) rows.push(row);
    }
    await put(rows);
    await objects.delete(keys);
    merged += rows.length;
  }
  return merged;
};
