import {
  type HistoryEntry,
  type Letter,
  type Original,
  readHistory,
  readKept,
} from '../../stores/dead-letters/index.ts';
import { type AvroDecoder, type ReadableRecord, readable } from '../records.ts';
import type { LetterStores } from './stores.ts';

/** A record of a letter, decoded as far as it can be. */
export type ShownRecord = Pick<ReadableRecord, 'key' | 'headers' | 'format' | 'value' | 'problem'>;

/** A letter with its record and what happened to it. */
export interface ShownLetter extends Letter {
  /** Null when the original is gone. */
  readonly record: ShownRecord | null;
  /** The record as it failed first, where a person has replaced its payload. */
  readonly unpatched?: ShownRecord;
  readonly history: readonly HistoryEntry[];
}

export const showLetter = async (
  letter: Letter,
  { redis, objects }: Pick<LetterStores, 'redis' | 'objects'>,
  decodeAvro: AvroDecoder,
): Promise<ShownLetter> => {
  const [kept, history] = await Promise.all([readKept(objects, letter.id), readHistory(redis, letter.id)]);
  if (kept === undefined) return { ...letter, record: null, history };
  const { original, unpatched } = kept;
  const record = await shownRecord(letter, original, decodeAvro);
  if (unpatched === undefined) return { ...letter, record, history };
  return { ...letter, record, unpatched: await shownRecord(letter, unpatched, decodeAvro), history };
};

export const shownRecord = async (
  { topic, partition, offset }: Letter,
  original: Original,
  decodeAvro: AvroDecoder,
): Promise<ShownRecord> => {
  const { key, headers, format, value, problem } = await readable(
    { topic, partition, offset, timestamp: 0, ...original },
    decodeAvro,
  );
  return { key, headers, format, value, problem };
};
