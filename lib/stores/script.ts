import { createHash } from 'node:crypto';
import type { Redis } from './redis.ts';

/** A script that Redis runs as a whole: `keys` are its KEYS, in a cluster all of one slot, `args` its ARGV. */
export type Script = (redis: Redis, keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/** @param text Lua; it travels once, then its digest names it */
export const scriptOf = (text: string): Script => {
  const sha = createHash('sha1').update(text).digest('hex');
  // As one list: a call takes no more than some ten thousand arguments of its own.
  return async (redis, keys, args) => {
    try {
      return await redis.call('evalsha', [sha, keys.length, ...keys, ...args]);
    } catch (error) {
      // Redis forgets scripts when it starts again; then it gets the text once.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await redis.call('eval', [text, keys.length, ...keys, ...args]);
    }
  };
};
