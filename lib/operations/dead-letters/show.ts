import { type Letter, type Original, readHistory, readKept } from '../../stores/dead-letters/index.ts';
import { type AvroDecoder, readable } from '../records.ts';
import type { ShownLetter, ShownRecord } from './shown.ts';
import type { LetterStores } from './stores.ts';

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
  const { key, headers, headerList, format, value, problem } = await readable(
    { topic, partition, offset, timestamp: 0, ...original, allHeaders: original.headers },
    decodeAvro,
  );
  return { key, headers, headerList, format, value, problem };
};
