import { type FollowUp, notified } from '../../lib/consumer/index.ts';
import type { DeadLetter } from '../../lib/stores/dead-letters/index.ts';
import { LETTERS_OWNER } from '../../lib/stores/dead-letters/index.ts';
import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';

/** When the operator is told: so many letters of one topic and reason within so long. */
export interface AlertRule {
  readonly letters: number;
  readonly withinMinutes: number;
  /** User id of whoever is told. */
  readonly operator: string;
}

export const ALERT = { letters: 20, withinMinutes: 5 } as const;

const MINUTE = 60_000;

/**
 * Counts a record once, however often it is delivered, and no further than the threshold.
 * KEYS: window. ARGV: record, threshold, seconds to live. Answers the record's number in the window, 0 past the threshold.
 */
const COUNT = `
local number = redis.call('ZSCORE', KEYS[1], ARGV[1])
if number then return tonumber(number) end
number = redis.call('ZCARD', KEYS[1]) + 1
if number > tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], number, ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return number`;

/**
 * What the operator is to be told because of a letter: once a window, topic and reason. Windows follow one another, so that
 * twice the threshold may come in unnoticed around a border.
 *
 * @param position of the queue's record
 * @param now milliseconds since 1970
 */
export const alertOf = async (
  redis: Redis,
  { topic, code }: Pick<DeadLetter, 'topic' | 'code'>,
  position: string,
  { letters, withinMinutes, operator }: AlertRule,
  now: number,
): Promise<readonly FollowUp[]> => {
  const length = withinMinutes * MINUTE;
  const window = new Date(Math.floor(now / length) * length).toISOString();
  const key = `dlq:${hashTag(LETTERS_OWNER)}:window:${window}:${topic}|${code}`;
  const number = await redis.eval(COUNT, 1, key, position, letters, (2 * length) / 1_000);
  if (number !== letters) return [];
  return [
    notified({
      userId: operator,
      channel: 'in-app',
      template: 'dead-letters',
      data: { count: String(letters), reason: code, topic },
      dedupeKey: `dead-letters/${topic}/${code}/${window}`,
    }),
  ];
};
