import type { HandlerContext } from '../../lib/consumer/index.ts';
import { type HistoryKind, settingsFrom } from '../../lib/settings.ts';
import { addToInbox, type HistoryRow, mergeInbox, objectHistory } from '../../lib/stores/history/index.ts';

/** Keeps the rows of a rollup, and sorts what waits into the objects of history now and then. */
export type KeepRows = (
  context: Pick<HandlerContext, 'redis' | 'objects' | 'remainingMs' | 'signal'>,
  minute: string,
  rows: Iterable<HistoryRow>,
  isMore: boolean,
) => Promise<void>;

/** Every so many minutes what waits is sorted: each time up to 32 objects a period are written anew. */
const MERGE_MINUTES = 10;
/** With less time left the sorting is left to the next rollup. */
const RESERVE_MS = 20_000;

/**
 * Where history lies in objects, rows go there before their events are published; where it lies in PostgreSQL, its sink takes
 * the events, and there is nothing to do.
 *
 * @param kind what the environment has; by its variables unless given
 */
export const keepRows =
  (kind: () => HistoryKind = () => settingsFrom().history): KeepRows =>
  async ({ objects, remainingMs, signal }, minute, rows, isMore) => {
    if (kind() !== 'objects') return;
    await addToInbox(objects, minute, [...rows]);
    const isDue = new Date(minute).getUTCMinutes() % MERGE_MINUTES === 0;
    const forMs = Math.floor(remainingMs() - RESERVE_MS);
    if (!isDue || isMore || forMs <= 0) return;
    const stop = AbortSignal.timeout(forMs);
    try {
      await mergeInbox(objects, {
        signal: AbortSignal.any([signal, stop]),
        put: (some) => objectHistory(objects).put(some),
      });
    } catch (error) {
      // What is left is sorted next time.
      if (!stop.aborted) throw error;
    }
  };
