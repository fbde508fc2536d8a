import { setTimeout as delay } from 'node:timers/promises';
import type { Batch } from '../../../../handlers/bulk-qr-processing/batch-state.ts';
import type { Settings } from '../../../settings.ts';
import { openRedis } from '../../../stores/redis.ts';
import { readNudges } from '../../../updates/feed/nudges.ts';
import { recentBatches } from './recent.ts';

/** What is told more often than this is told together. */
const AT_MOST_EVERY_MS = 200;
/** How often new batches are looked for: while updates come, and while none do. */
const FRESH_EVERY_MS = 1_500;
const QUIET_MS = 5_000;

/**
 * Tells the newest batches, at once and whenever somebody was sent an update, until the signal: a batch that moves on
 * tells its user, and every update leaves a nudge.
 */
export const followBatches = async (
  settings: Settings,
  onBatches: (batches: readonly Batch[]) => void,
  signal: AbortSignal,
): Promise<void> => {
  const waiting = openRedis(settings);
  const recent = recentBatches(settings);
  let wake = new AbortController();
  const nudged = (): void => wake.abort();
  void readNudges(waiting, { nudged, unsure: nudged }, signal);
  let told = '';
  let freshAt = 0;
  try {
    while (!signal.aborted) {
      const isFresh = Date.now() - freshAt > FRESH_EVERY_MS;
      if (isFresh) freshAt = Date.now();
      const batches = await recent.read(isFresh).catch(() => undefined);
      const text = JSON.stringify(batches);
      if (batches !== undefined && text !== told) onBatches(batches);
      told = text;
      await delay(AT_MOST_EVERY_MS, undefined, { signal }).catch(() => undefined);
      const awake = AbortSignal.any([signal, wake.signal]);
      await delay(QUIET_MS, undefined, { signal: awake }).catch(() => undefined);
      wake = new AbortController();
    }
  } finally {
    waiting.disconnect();
    recent.close();
  }
};
