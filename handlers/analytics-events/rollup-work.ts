import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import { ON_TIME } from './parts.ts';
import { KEPT_SECONDS, labelOf, minuteOf, PERIODS, type PeriodName, startOf } from './periods.ts';
import { type Damage, readable } from './readable.ts';
import { generationsKey, memberOf, seenKey, shardsOf, type Touched, touchedKey } from './touched.ts';

/**
 * A generation is looked at when its minute has closed, and again so much later, when no function can be at work any more that
 * has noted something and not counted it yet, until nothing has changed. A function has a minute; the rest is for clocks that
 * differ.
 */
const LAST_LOOK_MS = 2 * PERIODS.minute.lengthMs;

/** Something a rollup looks at. */
export interface Look {
  readonly owner: string;
  readonly generation: string;
  readonly isLast: boolean;
  readonly member: string;
  /** The revision that was found before, 0 when it was not looked at. */
  readonly seen: number;
}

/** A generation whose minute has closed. */
export type Generation = Pick<Look, 'owner' | 'generation' | 'isLast'>;

/** The generations of all shards that a rollup of this minute is about, oldest first. @param minute when the next one begins */
export const closedGenerations = async (
  redis: Redis,
  name: string,
  minute: number,
  damage: Damage,
): Promise<readonly Generation[]> => {
  const found = await Promise.all(
    shardsOf(name).map(async (owner) =>
      (await readable(generationsKey(owner), redis.smembers(generationsKey(owner)), [], damage)).map((generation) => ({
        owner,
        generation,
        isLast: minuteOf(generation) + PERIODS.minute.lengthMs + LAST_LOOK_MS <= minute,
      })),
    ),
  );
  return found
    .flat()
    .filter(({ generation }) => generation < labelOf('minute', minute))
    .sort((a, b) => (a.generation < b.generation ? -1 : a.generation > b.generation ? 1 : 0));
};

/** Up to `limit` things to look at in a generation; none when it is done with. */
export const looksOf = async (
  redis: Redis,
  from: Generation,
  limit: number,
  damage: Damage,
): Promise<readonly Look[]> => {
  const { owner, generation, isLast } = from;
  const touched = touchedKey(owner, generation);
  const fresh = await readable(touched, redis.srandmember(touched, limit), [], damage);
  const seen = seenKey(owner, generation);
  const isMore = isLast && fresh.length < limit;
  const again = isMore ? await readable(seen, redis.hrandfield(seen, limit - fresh.length), [], damage) : [];
  const members = [...new Set([...fresh, ...(Array.isArray(again) ? again : []).map(String)])];
  if (members.length === 0) return [];
  const before = await readable(seen, redis.hmget(seen, ...members), [], damage);
  return members.map((member, i) => ({ ...from, member, seen: Number(before[i] ?? 0) }));
};

/** A look and what it has found. */
export interface Looked extends Look {
  readonly touched: Touched;
  readonly revision: number;
}

/** Arguments of one command: Lua's unpack takes some thousands. */
const CHUNK = 1_000;

const inChunks = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, i) => items.slice(i * CHUNK, (i + 1) * CHUNK));

/** Whether it is looked at again: the first look is never the only one, and what has changed may change once more. */
const isToLookAgain = ({ isLast, revision, seen }: Looked): boolean => !isLast || revision > seen;

/**
 * What is written on a generation after its looks: they leave it, or wait for another look with what was found; and what
 * they make out of date, the hour of a minute and the day of an hour, is noted for when that has ended.
 *
 * @param strange what is noted there and means nothing: it goes
 * @param minute that the rollup is about
 */
export const lookedWrites = (
  from: Generation,
  looked: readonly Looked[],
  strange: readonly Look[],
  minute: number,
): readonly RedisCommand[] => {
  const { owner, generation } = from;
  const seen = seenKey(owner, generation);
  const again = looked.filter(isToLookAgain);
  const through = looked.filter((look) => !isToLookAgain(look));
  return [
    ...inChunks([...looked, ...strange]).map(
      (some): RedisCommand => ['SREM', touchedKey(owner, generation), ...some.map(({ member }) => member)],
    ),
    ...inChunks([...through, ...strange]).map(
      (some): RedisCommand => ['HDEL', seen, ...some.map(({ member }) => member)],
    ),
    ...inChunks(again).flatMap((some): RedisCommand[] => [
      ['HSET', seen, ...some.flatMap(({ member, revision }) => [member, revision])],
      ['EXPIRE', seen, KEPT_SECONDS.touched],
    ]),
    ...coarserWrites(owner, again, minute),
  ];
};

/** Notes of the longer periods that hold what was looked at, in the generations in which these will have ended. */
const coarserWrites = (owner: string, looked: readonly Looked[], minute: number): readonly RedisCommand[] => {
  const members = new Map<number, Set<string>>();
  for (const { touched } of looked) {
    const coarser = coarserOf(touched);
    if (coarser === undefined) continue;
    const due = Math.max(minute, startOf('minute', dueAfter(coarser, owner)));
    members.set(due, (members.get(due) ?? new Set()).add(memberOf(coarser)));
  }
  return [...members].flatMap(([due, set]) => {
    const generation = labelOf('minute', due);
    const key = touchedKey(owner, generation);
    return [
      ...inChunks([...set]).map((some): RedisCommand => ['SADD', key, ...some]),
      ['EXPIREAT', key, Math.ceil(due / 1_000) + KEPT_SECONDS.touched],
      ['SADD', generationsKey(owner), generation],
    ];
  });
};

/** A late part of an hour was counted in no minute of its own, so its day was noted with it. */
export const coarserOf = ({ subject, period, start, part }: Touched): Touched | undefined => {
  if (period === 'minute') return { subject, period: 'hour', start: startOf('hour', start), part: ON_TIME };
  if (period === 'hour' && part === ON_TIME) return { subject, period: 'day', start: startOf('day', start), part };
  return undefined;
};

const MINUTE = PERIODS.minute.lengthMs;

/** Shards take turns, so that not all rows of an hour, or of a day, go out in the same minute. */
const TURNS: Readonly<Record<PeriodName, { readonly after: number; readonly each: number }>> = {
  minute: { after: 0, each: 0 },
  hour: { after: 5 * MINUTE, each: 5 * MINUTE },
  day: { after: 60 * MINUTE, each: 10 * MINUTE },
};

/** When the row of a period is made, milliseconds since 1970. */
export const dueAfter = ({ period, start }: Pick<Touched, 'period' | 'start'>, owner: string): number => {
  const { after, each } = TURNS[period];
  const turn = Number(owner.slice(owner.lastIndexOf('-') + 1));
  return start + PERIODS[period].lengthMs + after + turn * each;
};

/** What is written when nothing is left of a generation. */
export const forgetGeneration = ({ owner, generation }: Generation): RedisCommand => [
  'SREM',
  generationsKey(owner),
  generation,
];
