import { foundSideBySide } from '../../side-by-side.ts';
import { mastersOf, type Redis } from '../../stores/redis.ts';
import { scanned } from './scanning.ts';

/** Keys whose names begin alike: what the product calls them before the first colon. */
export interface KeyKind {
  readonly name: string;
  /** Of all keys, about, unless every key was looked at. */
  readonly keys: number;
  /** Memory of all of them, by a few of each; null where the server does not tell. */
  readonly bytes: number | null;
}

export interface KeyKinds {
  /** Most memory first. */
  readonly kinds: readonly KeyKind[];
  /** Keys that were looked at. */
  readonly looked: number;
  readonly keys: number;
}

/** Calls of SCAN over all servers: about 10,000 keys. SCAN goes by the hash of keys, so that the first ones are a fair sample of them. */
const CALLS = 20;
/** Keys of a kind whose memory is asked for. */
const WEIGHED = 20;
/** Names that nobody planned must not make a list without an end. */
const KINDS = 30;
const OTHERS = 'others';

const kindOf = (key: string): string => key.split(':', 1)[0] ?? key;

interface Counted {
  keys: number;
  /** Some of them, each with the server it is on. */
  readonly some: Placed[];
}

interface Placed {
  readonly server: Redis;
  readonly key: string;
}

/** Part of a server's keys, and how many of its keys each of them stands for. */
const sampleOf = async (server: Redis, calls: number) => {
  const [{ keys, next }, all] = await Promise.all([scanned(server, { calls }), server.dbsize()]);
  return { server, keys, all, scale: next === undefined || keys.length === 0 ? 1 : all / keys.length };
};

type Sample = Awaited<ReturnType<typeof sampleOf>>;

const countedIn = (samples: readonly Sample[]): readonly (readonly [name: string, counted: Counted])[] => {
  const kinds = new Map<string, Counted>();
  for (const { server, keys, scale } of samples) {
    for (const key of keys) {
      const counted = kinds.get(kindOf(key)) ?? { keys: 0, some: [] };
      counted.keys += scale;
      if (counted.some.length < WEIGHED) counted.some.push({ server, key });
      kinds.set(kindOf(key), counted);
    }
  }
  const all = [...kinds].sort(([, a], [, b]) => b.keys - a.keys);
  const rest = all.slice(KINDS).map(([, counted]) => counted);
  if (rest.length === 0) return all;
  const others = { keys: rest.reduce((sum, { keys }) => sum + keys, 0), some: rest.flatMap(({ some }) => some) };
  return [...all.slice(0, KINDS), [OTHERS, others]];
};

/** Bytes of one key of them, on average. */
const weightOf = async (some: readonly Placed[]): Promise<number | null> => {
  const weights = await foundSideBySide(some.slice(0, WEIGHED), WEIGHED, ({ server, key }) =>
    // Some managed servers do not know the command.
    server.memory('USAGE', key).catch(() => null),
  );
  const told = weights.filter((each) => each !== null);
  return told.length === 0 ? null : told.reduce((sum, each) => sum + each, 0) / told.length;
};

/** Which kinds of keys there are, how many and how heavy: a sample where there are many. */
export const kindsOf = async (redis: Redis): Promise<KeyKinds> => {
  const masters = await mastersOf(redis);
  const calls = Math.ceil(CALLS / masters.length);
  const samples = await Promise.all(masters.map((master) => sampleOf(master, calls)));
  const kinds = await Promise.all(
    countedIn(samples).map(async ([name, { keys, some }]): Promise<KeyKind> => {
      const weight = await weightOf(some);
      return { name, keys: Math.round(keys), bytes: weight === null ? null : Math.round(weight * keys) };
    }),
  );
  return {
    kinds: kinds.sort((a, b) => (b.bytes ?? b.keys) - (a.bytes ?? a.keys)),
    looked: samples.reduce((sum, { keys }) => sum + keys.length, 0),
    keys: samples.reduce((sum, { all }) => sum + all, 0),
  };
};
