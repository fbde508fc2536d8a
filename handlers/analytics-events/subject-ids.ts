import { hashTag } from '../../lib/stores/hash-tag.ts';
import { mastersOf, type Redis } from '../../lib/stores/redis.ts';
import { totalKey } from './keys.ts';
import { readable } from './readable.ts';

/** Keys of one answer. */
const COUNT = 1_000;

/** All keys of a pattern, a page at a time, from every server that has some. */
export async function* keysLike(redis: Redis, pattern: string): AsyncGenerator<readonly string[]> {
  for (const server of await mastersOf(redis)) {
    let cursor = '0';
    do {
      const [next, keys] = await server.scan(cursor, 'MATCH', pattern, 'COUNT', COUNT);
      yield keys;
      cursor = next;
    } while (cursor !== '0');
  }
}

/** What the tag of a hashed id looks like (hashTag): SHA-256 in base64url. */
const HASHED = /^[\w-]{43}$/;

/**
 * Finds the id behind the hash tag of a key. Most tags are the id itself; of the others, the hashed ones, the id stands in the
 * lists of users' codes, and that of a user with one of their codes: both are read once, when the first is met.
 */
export const idsBehindTags = (redis: Redis): ((tag: string) => Promise<string>) => {
  let hashed: Promise<ReadonlyMap<string, string>> | undefined;
  return async (tag) => {
    if (!HASHED.test(tag)) return tag;
    hashed ??= hashedIds(redis);
    return (await hashed).get(tag) ?? tag;
  };
};

const hashedIds = async (redis: Redis): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  const note = (id: string | null): void => {
    const tag = id === null ? '' : hashTag(id).slice(1, -1);
    if (id !== null && tag !== id) found.set(tag, id);
  };
  for await (const keys of keysLike(redis, 'analytics:user:*:codes')) {
    for (const key of keys) {
      const codes = await readable(key, redis.zrange(key, 0, -1), []);
      for (const code of codes) note(code);
      const [first] = codes;
      if (first === undefined) continue;
      const total = totalKey({ kind: 'code', id: first });
      note(await readable(total, redis.hget(total, 'owner'), null));
    }
  }
  return found;
};
