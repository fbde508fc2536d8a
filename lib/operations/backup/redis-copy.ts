import { StreamError } from '../../errors.ts';
import { sideBySide } from '../../side-by-side.ts';
import { mastersOf, type Redis, slotsOf } from '../../stores/redis.ts';
import type { Segment } from './manifest.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { readSegment } from './read-segment.ts';
import { readKeys } from './redis-read.ts';
import { writeDump, writeKey } from './redis-write.ts';
import { openSegmentWriter } from './segment-writer.ts';
import { type DumpedKey, KEYS, type StoredKey } from './stored-key.ts';

/** Keys of this room, which say what has been restored: no part of a backup. */
export const RESTORED_PREFIX = 'backup:{restored}:';

const SCANNED_AT_ONCE = 500;
const TAGS_AT_ONCE = 50;
const LISTINGS = 5;

/** Keys in no order; one may come twice. */
export async function* keysOf(redis: Redis): AsyncGenerator<Buffer[]> {
  for (const master of await mastersOf(redis)) {
    for (let cursor = '0'; ; ) {
      const [next, keys]: [Buffer, Buffer[]] = await master.scanBuffer(cursor, 'COUNT', SCANNED_AT_ONCE);
      yield keys.filter((key) => !key.toString('latin1').startsWith(RESTORED_PREFIX));
      if (next.toString() === '0') break;
      cursor = next.toString();
    }
  }
}

/**
 * Keys that one script may touch lie together; what it changes in one step has to be read in one. It is the first part in
 * braces, unless that is empty (Redis cluster specification, "Hash tags").
 *
 * @param key byte by byte
 */
export const tagOf = (key: string): string => /^[^{]*\{([^}]+)\}/.exec(key)?.[1] ?? key;

/** Keys by their tag. Slots that moved while they were listed may have moved past it: then it is done again. */
const listed = async (redis: Redis): Promise<ReadonlyMap<string, ReadonlyMap<string, Buffer>>> => {
  const tags = new Map<string, Map<string, Buffer>>();
  for (let tries = 1; tries <= LISTINGS; tries += 1) {
    const before = await slotsOf(redis);
    for await (const keys of keysOf(redis)) {
      for (const key of keys) {
        const name = key.toString('latin1');
        const together = tags.get(tagOf(name)) ?? new Map<string, Buffer>();
        tags.set(tagOf(name), together.set(name, key));
      }
    }
    if (before === (await slotsOf(redis))) return tags;
  }
  throw new StreamError(
    'REFUSED',
    'Keys of Redis move between its nodes all the time, so that none can be sure to have all.',
    {
      next: 'Wait until the cluster has its new size, then run it again: it continues',
    },
  );
};

/**
 * Copies every key: its type and value, and the time it ends. Keys with the same hash tag are read in one step.
 *
 * @param id of the backup
 * @param signal ends it, with part of the keys
 */
export const copyRedis = async (
  redis: Redis,
  place: Place,
  id: string,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<readonly Segment[]> => {
  const groups = [...(await listed(redis)).values()].map((keys) => [...keys.values()]);
  const total = groups.reduce((sum, keys) => sum + keys.length, 0);
  const segments: Segment[] = [];
  const writer = openSegmentWriter(
    place,
    KEYS,
    () => `${id}/redis/${String(segments.length).padStart(6, '0')}.avro`,
    (_series, segment) => {
      segments.push(segment);
    },
  );
  let done = 0;
  for (let from = 0; from < groups.length; from += TAGS_AT_ONCE) {
    if (signal?.aborted === true) break;
    const some = await Promise.all(groups.slice(from, from + TAGS_AT_ONCE).map((keys) => readKeys(redis, keys)));
    await writer.add('redis', some.flat());
    done += some.flat().length;
    onProgress({ step: 'redis', done, total });
  }
  await writer.flush();
  return segments;
};

/**
 * Puts keys back as they were; one that is there is replaced, one whose time has passed is not made.
 *
 * @param change what a key is to be instead
 * @param signal ends it, with part of the keys
 */
export const restoreRedis = async (
  redis: Redis,
  place: Place,
  segments: readonly Segment[],
  onProgress: OnProgress,
  change: (stored: StoredKey) => StoredKey = (stored) => stored,
  signal?: AbortSignal,
): Promise<number> => {
  const total = segments.reduce((sum, { entries }) => sum + entries, 0);
  let done = 0;
  for (const segment of segments) {
    const batch: (StoredKey | DumpedKey)[] = [];
    const write = async (): Promise<void> => {
      const keys = batch.splice(0);
      await sideBySide(keys, SCANNED_AT_ONCE, (entry) =>
        'dump' in entry ? writeDump(redis, entry) : writeKey(redis, change(entry)),
      );
      done += keys.length;
      onProgress({ step: 'redis', done, total });
    };
    for await (const entry of readSegment(place, KEYS, segment)) {
      batch.push(entry);
      if (signal?.aborted === true) return done;
      if (batch.length >= SCANNED_AT_ONCE) await write();
    }
    await write();
  }
  return done;
};
