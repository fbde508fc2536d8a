import { StreamError } from '../../errors.ts';
import { mastersOf, type Redis } from '../../stores/redis.ts';

/** Which keys, and after how many a look ends although there are more. */
export interface Look {
  /** Only keys with this in their name. */
  readonly match?: string | undefined;
  readonly type?: 'stream';
  /** Calls of SCAN, of about {@link AT_ONCE} keys each. */
  readonly calls: number;
  /** Ends once it has found so many; those of the last call come with them. */
  readonly enough?: number;
}

interface Scanned {
  readonly keys: readonly string[];
  readonly calls: number;
  /** SCAN's own cursor; undefined when the server has no more. */
  readonly next: string | undefined;
}

export interface Looked {
  readonly keys: readonly string[];
  /** Keys of all servers that were looked at, about. */
  readonly looked: number;
  /** Null when there is no more. */
  readonly cursor: string | null;
}

/** Keys that one call of SCAN looks at: a server does nothing else for less than a millisecond. */
export const AT_ONCE = 500;

const FIRST = '0';

/** A pattern for what has the text in it. */
const patternOf = (text: string | undefined): string =>
  text === undefined ? '*' : `*${text.replaceAll(/[\\*?[\]]/g, '\\$&')}*`;

/** Looks through the keys of one server, within bounds. In no order; a key comes once. */
export const scanned = async (server: Redis, look: Look, from = FIRST): Promise<Scanned> => {
  const { type, enough = Number.POSITIVE_INFINITY } = look;
  const pattern = patternOf(look.match);
  const keys = new Set<string>();
  let cursor = from;
  let calls = 0;
  do {
    const [next, found] =
      type === undefined
        ? await server.scan(cursor, 'MATCH', pattern, 'COUNT', AT_ONCE)
        : await server.scan(cursor, 'MATCH', pattern, 'COUNT', AT_ONCE, 'TYPE', type);
    for (const key of found) keys.add(key);
    calls += 1;
    cursor = next;
  } while (cursor !== FIRST && calls < look.calls && keys.size < enough);
  return { keys: [...keys], calls, next: cursor === FIRST ? undefined : cursor };
};

const CURSOR = /^(\d{1,4})-(\d{1,20})$/;

/** Which server, and how far on it. @throws StreamError USAGE */
const placeIn = (cursor: string | undefined): { readonly server: number; readonly at: string } => {
  if (cursor === undefined) return { server: 0, at: FIRST };
  const [found, server, at] = CURSOR.exec(cursor) ?? [];
  if (found !== undefined && at !== undefined) return { server: Number(server), at };
  throw new StreamError('USAGE', `"${cursor}" is no place to go on from.`, { next: 'Begin without a cursor' });
};

/**
 * Looks through the keys of all servers, one after the other, within bounds: never KEYS, never a SCAN without an end.
 *
 * @param cursor of an earlier look that goes on
 * @throws StreamError USAGE for a cursor that is none
 */
export const lookThrough = async (redis: Redis, look: Look, cursor?: string): Promise<Looked> => {
  let { server, at } = placeIn(cursor);
  const { enough = Number.POSITIVE_INFINITY } = look;
  const masters = await mastersOf(redis);
  const keys: string[] = [];
  let calls = 0;
  for (const master of masters.slice(server)) {
    const left = { ...look, calls: look.calls - calls, enough: enough - keys.length };
    if (left.calls <= 0 || left.enough <= 0) break;
    const found = await scanned(master, left, at);
    keys.push(...found.keys);
    calls += found.calls;
    at = found.next ?? FIRST;
    if (found.next !== undefined) break;
    server += 1;
  }
  return { keys, looked: calls * AT_ONCE, cursor: server < masters.length ? `${server}-${at}` : null };
};

/** How many keys all servers hold. */
export const countKeys = async (redis: Redis): Promise<number> => {
  const sizes = await Promise.all((await mastersOf(redis)).map((master) => master.dbsize()));
  return sizes.reduce((sum, size) => sum + size, 0);
};
