import { setTimeout as delay } from 'node:timers/promises';
import type { CacheFault } from '../operations/repair/cache-fault.ts';
import type { Settings } from '../settings.ts';

/** It takes a tenth of a second; a busy machine must not hold up the rest for longer than this. */
const CACHE_MS = 10_000;

/** A stack that has just been started may have no topics yet: what cannot be found out is no fault. */
export const lostInCache = async (settings: Settings): Promise<CacheFault | undefined> => {
  // Half of all modules and the clients of AWS come with it; only `start` and `health` need it.
  const { cacheFault, checkCache } = await import('../operations/repair/index.ts');
  const late = new AbortController();
  try {
    const check = await Promise.race([
      checkCache(settings),
      delay(CACHE_MS, undefined, { signal: late.signal, ref: false }),
    ]);
    return check === undefined ? undefined : cacheFault(check);
  } catch {
    return undefined;
  } finally {
    late.abort();
  }
};
