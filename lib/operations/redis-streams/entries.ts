import { StreamError } from '../../errors.ts';
import type { Redis } from '../../stores/redis.ts';
import { timeOfId } from './answers.ts';
import { groupsOf, type StreamGroup } from './groups.ts';
import { type StreamSummary, summaryOf } from './summary.ts';

/** One entry of a stream. */
export interface StreamEntry {
  readonly id: string;
  /** When it was appended, ISO 8601, UTC; null where its id does not say. */
  readonly at: string | null;
  /** In their own order; a name may come twice. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface EntryPage {
  /** Newest first. */
  readonly entries: readonly StreamEntry[];
  /** Where to go on; null when there is no older one. */
  readonly cursor: string | null;
}

export interface EntryPlace {
  readonly key: string;
  /** Begins with the newest entry of that time or before, milliseconds since 1970. */
  readonly time?: number | undefined;
  /** Goes on where an earlier page has ended; the time no longer counts. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Ids as XADD makes them: two numbers of 64 bits. */
const ID = /^\d{1,20}-\d{1,20}$/;

/** @throws StreamError NOT_FOUND */
const requireStream = async (redis: Redis, key: string): Promise<StreamSummary> => {
  const found = await summaryOf(redis, key);
  if (found !== undefined) return found;
  throw new StreamError('NOT_FOUND', `There is no Redis stream ${key}.`, {
    next: 'The stream of a user is forgotten 30 days after the last update',
  });
};

/** @throws StreamError USAGE */
const requireId = (id: string): string => {
  if (ID.test(id)) return id;
  throw new StreamError('USAGE', `"${id}" is no id of an entry; one looks like 1795991286172-0.`);
};

const entryOf = ([id, fields]: readonly [string, readonly string[]]): StreamEntry => ({
  id,
  at: timeOfId(id),
  fields: fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1] ?? ''] as const] : [])),
});

/** A stream with its groups. @throws StreamError NOT_FOUND */
export const streamOf = async (
  redis: Redis,
  key: string,
): Promise<StreamSummary & { readonly readers: readonly StreamGroup[] }> => ({
  ...(await requireStream(redis, key)),
  readers: await groupsOf(redis, key),
});

/** Bytes of entries that are read at once, about. */
const PAGE_BYTES = 16 * 1024 * 1024;

/** As many entries as are asked for, fewer where they are large. */
const affordable = ({ bytes, entries }: StreamSummary, limit: number): number =>
  bytes === null || entries === 0 ? limit : Math.min(limit, Math.max(1, Math.floor((PAGE_BYTES * entries) / bytes)));

/**
 * One page of a stream, newest first; a shorter one where its entries are large.
 *
 * @throws StreamError NOT_FOUND; USAGE for a cursor that is none
 */
export const entriesOf = async (redis: Redis, place: EntryPlace): Promise<EntryPage> => {
  const { key, time, cursor, limit } = place;
  const end = cursor === undefined ? String(time ?? '+') : `(${requireId(cursor)}`;
  const count = affordable(await requireStream(redis, key), limit);
  const found = await redis.xrevrange(key, end, '-', 'COUNT', count + 1);
  const entries = found.slice(0, count).map(entryOf);
  return { entries, cursor: found.length > count ? (entries.at(-1)?.id ?? null) : null };
};

/** @throws StreamError NOT_FOUND; USAGE for an id that is none */
export const entryAt = async (redis: Redis, key: string, id: string): Promise<StreamEntry> => {
  const at = requireId(id);
  await requireStream(redis, key);
  const [found] = await redis.xrange(key, at, at);
  if (found !== undefined) return entryOf(found);
  throw new StreamError('NOT_FOUND', `${key} has no entry ${id}.`, {
    next: 'Streams are trimmed: about 1,000 entries of a user and 10,000 nudges are kept',
  });
};
