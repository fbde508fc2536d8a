import { type Letter, type Original, readHistory, readKept } from '../../stores/dead-letters/index.ts';
import { readable } from '../records.ts';
import type { ValueDecoder } from '../values/decoder.ts';
import type { ShownLetter, ShownRecord } from './shown.ts';
import type { LetterStores } from './stores.ts';

export const showLetter = async (
  letter: Letter,
  { redis, objects }: Pick<LetterStores, 'redis' | 'objects'>,
  decode: ValueDecoder,
): Promise<ShownLetter> => {
  const [kept, history] = await Promise.all([readKept(objects, letter.id), readHistory(redis, letter.id)]);
  if (kept === undefined) return { ...letter, record: null, history };
  const { original, unpatched } = kept;
  const record = await shownRecord(letter, original, decode);
  if (unpatched === undefined) return { ...letter, record, history };
  return { ...letter, record, unpatched: await shownRecord(letter, unpatched, decode), history };
};

export const shownRecord = async (
  { topic, partition, offset }: Letter,
  original: Original,
  decode: ValueDecoder,
): Promise<ShownRecord> => {
  const { key, headers, headerList, format, value, schema, problem } = await readable(
    { topic, partition, offset, timestamp: 0, ...original, allHeaders: original.headers },
    decode,
  );
  return { key, headers, headerList, format, value, schema, problem };
};
