import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import { labelOf, minuteOf, PERIODS } from './periods.ts';
import { generationsKey, seenKey, shardsOf, touchedKey } from './touched.ts';

/**
 * A generation is looked at twice: when its minute has closed, and once more so much later, when no function can be at work
 * any more that has noted something and not counted it yet. A function has a minute; the rest is for clocks that differ.
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
export const closedGenerations = async (redis: Redis, name: string, minute: number): Promise<readonly Generation[]> => {
  const found = await Promise.all(
    shardsOf(name).map(async (owner) =>
      (await redis.smembers(generationsKey(owner))).map((generation) => ({
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
export const looksOf = async (redis: Redis, from: Generation, limit: number): Promise<readonly Look[]> => {
  const { owner, generation, isLast } = from;
  const fresh = await redis.srandmember(touchedKey(owner, generation), limit);
  const seen = seenKey(owner, generation);
  const again = isLast && fresh.length < limit ? await redis.hrandfield(seen, limit - fresh.length) : [];
  const members = [...new Set([...fresh, ...(Array.isArray(again) ? again : []).map(String)])];
  if (members.length === 0) return [];
  const before = await redis.hmget(seen, ...members);
  return members.map((member, i) => ({ ...from, member, seen: Number(before[i] ?? 0) }));
};

/** A look and the revision it has found. */
export interface Looked extends Look {
  readonly revision: number;
}

/** Arguments of one command: Lua's unpack takes some thousands. */
const CHUNK = 1_000;

const inChunks = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, i) => items.slice(i * CHUNK, (i + 1) * CHUNK));

/** What is written on a generation after its looks: they leave it, or wait for the last look with what was found. */
export const lookedWrites = (
  { owner, generation, isLast }: Generation,
  looked: readonly Looked[],
): readonly RedisCommand[] => {
  const seen = seenKey(owner, generation);
  return inChunks(looked).flatMap((some): RedisCommand[] => {
    const members = some.map(({ member }) => member);
    const leave: RedisCommand = ['SREM', touchedKey(owner, generation), ...members];
    if (isLast) return [leave, ['HDEL', seen, ...members]];
    const ttl = Math.ceil(PERIODS.minute.keptMs / 1_000);
    return [
      leave,
      ['HSET', seen, ...some.flatMap(({ member, revision }) => [member, revision])],
      ['EXPIRE', seen, ttl],
    ];
  });
};

/** What is written when nothing is left of a generation. */
export const forgetGeneration = ({ owner, generation }: Generation): RedisCommand => [
  'SREM',
  generationsKey(owner),
  generation,
];
