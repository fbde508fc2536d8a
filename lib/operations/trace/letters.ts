import { placeOfLetter } from '../../events/index.ts';
import { letterIdNow } from '../../idempotency/index.ts';
import {
  type HistoryEntry,
  LETTER_INDEX,
  type Letter,
  readHistory,
  readLetters,
} from '../../stores/dead-letters/index.ts';
import type { Redis } from '../../stores/redis.ts';
import type { SeenEvent } from './events.ts';

/** A dead letter of what is traced, with what happened to it. */
export interface SeenLetter extends Letter {
  readonly history: readonly HistoryEntry[];
}

/** Whether a letter is that of a record. */
export const isLetterOf = (id: string, { topic, partition, offset, redriveOf }: SeenEvent): boolean => {
  if (redriveOf !== null) return redriveOf === id;
  const place = placeOfLetter(id);
  return place?.topic === topic && place.partition === partition && place.offset === offset;
};

/** The letter of a record that is on its topic now, if there is one. */
const letterOf = async (redis: Redis, event: SeenEvent): Promise<string> =>
  event.redriveOf ?? letterIdNow(redis, event);

/** Letters of these records, and those that say they hang together by this id: their records may be gone. */
export const lettersOf = async (
  redis: Redis,
  events: readonly SeenEvent[],
  correlationId: string | undefined,
): Promise<readonly SeenLetter[]> => {
  const tied = correlationId === undefined ? [] : await redis.smembers(LETTER_INDEX.correlation(correlationId));
  const own = await Promise.all(events.map((event) => letterOf(redis, event)));
  const letters = await readLetters(redis, [...new Set([...own, ...tied])]);
  return Promise.all(letters.map(async (letter) => ({ ...letter, history: await readHistory(redis, letter.id) })));
};
