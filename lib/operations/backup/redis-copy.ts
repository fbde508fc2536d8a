import { StreamError } from '../../errors.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { Redis } from '../../stores/redis.ts';
import type { Segment } from './manifest.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { readSegment } from './read-segment.ts';
import { KEYS, type StoredKey } from './segment.ts';
import { openSegmentWriter } from './segment-writer.ts';

/** Keys of this room, which say what has been restored: no part of a backup. */
export const RESTORED_PREFIX = 'backup:{restored}:';

const SCANNED_AT_ONCE = 500;
const TAGS_AT_ONCE = 50;

/** Keys in no order; one may come twice. */
export async function* keysOf(redis: Redis): AsyncGenerator<Buffer[]> {
  for (let cursor = '0'; ; ) {
    const [next, keys]: [Buffer, Buffer[]] = await redis.scanBuffer(cursor, 'COUNT', SCANNED_AT_ONCE);
    yield keys.filter((key) => !key.toString('latin1').startsWith(RESTORED_PREFIX));
    if (next.toString() === '0') return;
    cursor = next.toString();
  }
}

/** Keys that one script may touch lie together; what it changes in one step has to be read in one. */
const tagOf = (key: string): string => /\{([^}]+)\}/.exec(key)?.[1] ?? key;

const dumped = async (redis: Redis, keys: readonly Buffer[]): Promise<StoredKey[]> => {
  const transaction = redis.multi();
  for (const key of keys) transaction.dumpBuffer(key).pttl(key);
  const answers = (await transaction.exec()) ?? [];
  const now = Date.now();
  return keys.flatMap((key, i) => {
    const [failure, dump] = answers[2 * i] ?? [];
    if (failure) throw failure;
    const ttl = Number(answers[2 * i + 1]?.[1]);
    // Gone since it was listed.
    if (!Buffer.isBuffer(dump)) return [];
    return [{ key, expiresAt: ttl < 0 ? null : now + ttl, dump }];
  });
};

/**
 * Copies every key: its type and value, and the time it ends. Keys with the same hash tag are read in one transaction.
 *
 * @param id of the backup
 */
export const copyRedis = async (
  redis: Redis,
  place: Place,
  id: string,
  onProgress: OnProgress,
): Promise<readonly Segment[]> => {
  const tags = new Map<string, Map<string, Buffer>>();
  let total = 0;
  for await (const keys of keysOf(redis)) {
    for (const key of keys) {
      const name = key.toString('latin1');
      const tag = tagOf(name);
      const together = tags.get(tag) ?? new Map<string, Buffer>();
      tags.set(tag, together);
      if (!together.has(name)) total += 1;
      together.set(name, key);
    }
  }
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
  const groups = [...tags.values()].map((keys) => [...keys.values()]);
  for (let from = 0; from < groups.length; from += TAGS_AT_ONCE) {
    const some = await Promise.all(groups.slice(from, from + TAGS_AT_ONCE).map((keys) => dumped(redis, keys)));
    await writer.add('redis', some.flat());
    done += some.flat().length;
    onProgress({ step: 'redis', done, total });
  }
  await writer.flush();
  return segments;
};

/** Puts keys back as they were; one that is there is replaced, one whose time has passed is not made. */
export const restoreRedis = async (
  redis: Redis,
  place: Place,
  segments: readonly Segment[],
  onProgress: OnProgress,
): Promise<number> => {
  const total = segments.reduce((sum, { entries }) => sum + entries, 0);
  let done = 0;
  for (const segment of segments) {
    const batch: StoredKey[] = [];
    const write = async (): Promise<void> => {
      const keys = batch.splice(0);
      await sideBySide(keys, SCANNED_AT_ONCE, ({ key, expiresAt, dump }) => put(redis, key, expiresAt, dump));
      done += keys.length;
      onProgress({ step: 'redis', done, total });
    };
    for await (const entry of readSegment(place, KEYS, segment)) {
      batch.push(entry);
      if (batch.length >= SCANNED_AT_ONCE) await write();
    }
    await write();
  }
  return done;
};

const put = async (redis: Redis, key: Buffer, expiresAt: number | null, dump: Buffer): Promise<void> => {
  try {
    await redis.call('RESTORE', key, expiresAt ?? 0, dump, 'REPLACE', ...(expiresAt === null ? [] : ['ABSTTL']));
  } catch (error) {
    if (!(error instanceof Error) || !/version or checksum/.test(error.message)) throw error;
    throw new StreamError(
      'REFUSED',
      'This Redis is older than the one the backup was made of, and cannot read its keys.',
      {
        next: 'Restore into the same or a newer version, or leave it out: --without redis',
        cause: error,
      },
    );
  }
};
