import type { HistoryEntry } from '../../stores/dead-letters/history.ts';
import type { Letter } from '../../stores/dead-letters/letter.ts';
import type { ReadableRecord } from '../records.ts';

/** A record of a letter, decoded as far as it can be. */
export type ShownRecord = Pick<
  ReadableRecord,
  'key' | 'headers' | 'headerList' | 'format' | 'value' | 'schema' | 'problem'
>;

/** A letter with its record and what happened to it. */
export interface ShownLetter extends Letter {
  /** Null when the original is gone. */
  readonly record: ShownRecord | null;
  /** The record as it failed first, where a person has replaced its payload. */
  readonly unpatched?: ShownRecord;
  readonly history: readonly HistoryEntry[];
}
