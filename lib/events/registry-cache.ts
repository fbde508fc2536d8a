import { LRUCache } from 'lru-cache';
import { PermanentError } from '../errors.ts';

/** An id nobody knows is asked for again after so long: records that were written against another registry come in floods. */
const UNKNOWN_FOR_MS = 10_000;
const KEPT = 1_000;

/** Keeps answers that never change; a refusal for a while, and of what went wrong on the way nothing. */
export interface AnswerCache<Key extends string | number, Value> {
  get(key: Key, ask: () => Promise<Value>): Promise<Value>;
}

export const answerCache = <Key extends string | number, Value>(): AnswerCache<Key, Value> => {
  const cache = new LRUCache<Key, Promise<Value>>({ max: KEPT });
  return {
    get: (key, ask) => {
      const known = cache.get(key);
      if (known !== undefined) return known;
      const asked = ask();
      cache.set(key, asked);
      asked.catch((error: unknown) => {
        if (error instanceof PermanentError) cache.set(key, asked, { ttl: UNKNOWN_FOR_MS });
        else cache.delete(key);
      });
      return asked;
    },
  };
};
