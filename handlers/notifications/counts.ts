import type { Channel } from '../../lib/catalog/index.ts';
import type { Effect } from '../../lib/consumer/index.ts';
import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { NotSent } from './wishes.ts';

/** What became of a notification; `repeat` had been told before, `put-off` comes again. */
export type Result = 'sent' | 'repeat' | 'put-off' | NotSent;

const KEPT_SECONDS = 35 * 24 * 60 * 60;

const ownerOf = (day: string): string => `notifications:${day}`;
const keyOf = (day: string): string => `counts:${hashTag(ownerOf(day))}`;
const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** Counts a result, once. @param now milliseconds since 1970 */
export const counted = (
  channel: Channel,
  result: Result,
  now: number,
): NonNullable<Effect['crossKeyWrites']>[number] => {
  const day = dayOf(now);
  return {
    name: 'counts',
    owner: ownerOf(day),
    writes: [
      ['HINCRBY', keyOf(day), `${channel}/${result}`, 1],
      ['EXPIRE', keyOf(day), KEPT_SECONDS],
    ],
  };
};

/** Results of a day by `channel/result`. @param now milliseconds since 1970 */
export const readCounts = async (redis: Redis, now: number): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries(
    Object.entries(await redis.hgetall(keyOf(dayOf(now)))).map(([field, count]) => [field, Number(count)]),
  );
