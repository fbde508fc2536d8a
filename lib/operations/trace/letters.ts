import {
  type HistoryEntry,
  LETTER_INDEX,
  type Letter,
  letterId,
  readHistory,
  readLetters,
} from '../../stores/dead-letters/index.ts';
import type { Redis } from '../../stores/redis.ts';
import type { SeenEvent } from './events.ts';

/** A dead letter of what is traced, with what happened to it. */
export interface SeenLetter extends Letter {
  readonly history: readonly HistoryEntry[];
}

/** The letter that a record belongs to, if there is one. */
export const letterOf = ({ topic, partition, offset, redriveOf }: SeenEvent): string =>
  redriveOf ?? letterId(topic, partition, offset);

/** Letters of these records, and those that say they hang together by this id: their records may be gone. */
export const lettersOf = async (
  redis: Redis,
  events: readonly SeenEvent[],
  correlationId: string | undefined,
): Promise<readonly SeenLetter[]> => {
  const tied = correlationId === undefined ? [] : await redis.smembers(LETTER_INDEX.correlation(correlationId));
  const letters = await readLetters(redis, [...new Set([...events.map(letterOf), ...tied])]);
  return Promise.all(letters.map(async (letter) => ({ ...letter, history: await readHistory(redis, letter.id) })));
};
