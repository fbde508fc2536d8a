import type { ObjectStore } from '../stores/objects.ts';
import type { Redis } from '../stores/redis.ts';
import { entryObjects, type Scheduled, type StoredEntry, stored, storedFrom } from './entry.ts';

/**
 * What is to be published later. Redis tells what is due next; every entry also lies in object storage, from which a Redis
 * that has lost its data gets it back. An entry leaves both once it was published or cancelled.
 */
export interface Schedule {
  /** Keeps entries; one with the same key is replaced. */
  put(entries: readonly Scheduled[]): Promise<void>;
  /** Forgets entries; unknown keys are no error. */
  cancel(keys: readonly string[]): Promise<void>;
  /** Up to `limit` entries that are due at `now` (milliseconds since 1970), in the order of their due time. */
  due(now: number, limit: number): Promise<readonly StoredEntry[]>;
  /** All entries, in no order; those that come or go meanwhile may be among them or not. */
  entries(): AsyncIterable<StoredEntry>;
  /** Takes a published entry out, unless it has been replaced since. */
  published(entry: StoredEntry): Promise<void>;
  /**
   * Puts back what a Redis without data has lost; asks one question while it has them.
   *
   * @returns how many entries came back
   */
  recover(): Promise<number>;
}

/** ARGV: key, due time, text. Answers the text that was there. */
const PUT = `
local before = redis.call('HGET', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
return before`;

/** ARGV: key, text (empty: whatever is there). Answers the text that was taken out. */
const TAKE = `
local found = redis.call('HGET', KEYS[2], ARGV[1])
if not found or (ARGV[2] ~= '' and found ~= ARGV[2]) then return false end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return found`;

const SCANNED_AT_ONCE = 500;

/** The schedule that the scheduler works; tests have others, which it does not know. */
const NAME = 'due';

/** The schedule of this name in these stores. */
export const openSchedule = (redis: Redis, objects: ObjectStore, name: string = NAME): Schedule => {
  // One hash tag, so that a script may use them all in a cluster.
  const due = `schedule:{${name}}`;
  const entries = `${due}:entries`;
  /** There while Redis has its data. */
  const epoch = `${due}:epoch`;
  const files = entryObjects(name);
  const run = async (script: string, ...args: readonly (string | number)[]): Promise<string | undefined> => {
    const answer = await redis.eval(script, 2, due, entries, ...args);
    return typeof answer === 'string' ? answer : undefined;
  };
  const forgetObjects = async (gone: readonly { key: string; text: string | undefined }[]): Promise<void> => {
    const keys = gone.flatMap(({ key, text }) => (text === undefined ? [] : [files.keyOf({ key, text })]));
    if (keys.length > 0) await objects.delete(keys);
  };

  return {
    put: async (wanted) => {
      const replaced = await Promise.all(
        wanted.map(async (entry) => {
          const { key, dueAt, text } = stored(entry, Date.now());
          // The durable copy first: what Redis knows can always be found again.
          await objects.put(files.keyOf({ key, text }), text, { contentType: 'application/json' });
          const before = await run(PUT, key, dueAt, text);
          return { key, text: before === text ? undefined : before };
        }),
      );
      await forgetObjects(replaced);
    },
    cancel: async (keys) => {
      await Promise.all(
        keys.map(async (key) => {
          const text = await run(TAKE, key, '');
          // Unknown to Redis: perhaps it has lost its data, and the object would bring the entry back.
          if (text === undefined) await objects.delete(await objects.list(files.folderOf(key)));
          else await forgetObjects([{ key, text }]);
        }),
      );
    },
    due: async (at, limit) => {
      const keys = await redis.zrangebyscore(due, '-inf', at, 'LIMIT', 0, limit);
      if (keys.length === 0) return [];
      const texts = await redis.hmget(entries, ...keys);
      return texts.flatMap((text) => (text === null ? [] : [storedFrom(text)]));
    },
    entries: async function* () {
      for (let cursor = '0'; ; ) {
        const [next, fields] = await redis.hscan(entries, cursor, 'COUNT', SCANNED_AT_ONCE);
        for (const [i, text] of fields.entries()) if (i % 2 === 1) yield storedFrom(text);
        if (next === '0') return;
        cursor = next;
      }
    },
    published: async ({ key, text }) => {
      await forgetObjects([{ key, text: await run(TAKE, key, text) }]);
    },
    recover: async () => {
      if ((await redis.exists(epoch)) === 1) return 0;
      const found = new Map<string, StoredEntry>();
      for (const file of await objects.list(files.prefix)) {
        const text = (await objects.get(file))?.toString('utf8');
        const entry = text === undefined ? undefined : storedFrom(text);
        if (entry !== undefined && (found.get(entry.key)?.since ?? 0) <= entry.since) found.set(entry.key, entry);
      }
      for (const { key, dueAt, text } of found.values()) await run(PUT, key, dueAt, text);
      await redis.set(epoch, new Date().toISOString());
      return found.size;
    },
  };
};
