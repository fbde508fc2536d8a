import { type Letter, readOriginal } from '../../stores/dead-letters/index.ts';
import { type AvroDecoder, type ReadableRecord, readable } from '../records.ts';
import type { LetterStores } from './stores.ts';

/** A letter with its record, decoded as far as it can be. */
export interface ShownLetter extends Letter {
  /** Null when the original is gone. */
  readonly record: Pick<ReadableRecord, 'key' | 'headers' | 'format' | 'value' | 'problem'> | null;
}

export const showLetter = async (
  letter: Letter,
  { objects }: Pick<LetterStores, 'objects'>,
  decodeAvro: AvroDecoder,
): Promise<ShownLetter> => {
  const original = await readOriginal(objects, letter.id);
  if (original === undefined) return { ...letter, record: null };
  const place = { topic: letter.topic, partition: letter.partition, offset: letter.offset, timestamp: 0 };
  const { key, headers, format, value, problem } = await readable({ ...place, ...original }, decodeAvro);
  return { ...letter, record: { key, headers, format, value, problem } };
};
