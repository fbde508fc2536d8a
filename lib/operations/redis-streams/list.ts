import { foundSideBySide } from '../../side-by-side.ts';
import type { Redis } from '../../stores/redis.ts';
import { NUDGES_KEY, updatesKey } from '../../stores/updates.ts';
import { countKeys, lookThrough } from './scanning.ts';
import { type StreamSummary, summaryOf } from './summary.ts';

export interface StreamPage {
  /** Newest first. */
  readonly streams: readonly StreamSummary[];
  /** Keys that were looked at for this page, about. */
  readonly looked: number;
  /** Keys that there are, of all kinds. */
  readonly keys: number;
  /** Where to go on; null when every key was looked at. */
  readonly cursor: string | null;
}

export interface StreamSearch {
  /** Only streams with this in their name; a user's id finds the stream of the user at once. */
  readonly match?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Calls of SCAN for a page: then the reader decides whether to go on. */
const CALLS = 40;
const ENOUGH = 100;
const AT_ONCE = 50;

/** Streams whose names are known: nobody has to look through a million keys for them. */
const knownOnes = ({ match }: StreamSearch): readonly string[] =>
  match === undefined ? [NUDGES_KEY] : [match, updatesKey(match)];

/**
 * The Redis streams there are, as far as one look goes: of all keys about 20,000 are looked at, then it stops and says so.
 *
 * @throws StreamError USAGE for a cursor that is none; the error of the Redis client
 */
export const listStreams = async (redis: Redis, search: StreamSearch = {}): Promise<StreamPage> => {
  const look = { match: search.match, type: 'stream', calls: CALLS, enough: ENOUGH } as const;
  const [{ keys: found, looked, cursor }, keys] = await Promise.all([
    lookThrough(redis, look, search.cursor),
    countKeys(redis),
  ]);
  const names = new Set([...(search.cursor === undefined ? knownOnes(search) : []), ...found]);
  const summaries = await foundSideBySide([...names], AT_ONCE, (key) => summaryOf(redis, key));
  return {
    streams: summaries
      .filter((each): each is StreamSummary => each !== undefined)
      .sort((a, b) => (b.lastAt ?? '').localeCompare(a.lastAt ?? '')),
    looked: Math.min(looked, keys),
    keys,
    cursor,
  };
};
