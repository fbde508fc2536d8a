import { setTimeout as delay } from 'node:timers/promises';
import { StreamError, TransientError } from '../../errors.ts';
import { knowledgeOf } from '../../idempotency/index.ts';
import type { Admin } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import type { Redis } from '../../stores/redis.ts';
import { withAdmin } from '../cluster.ts';
import { readSpans } from '../read-spans.ts';
import { groupPositions, placeOf } from './group-positions.ts';
import { type Rewind, replayedBy } from './rewind-plan.ts';

/** How far a replay is. */
export interface ReplayProgress {
  /** Offsets. */
  readonly done: number;
  readonly total: number;
  /** Records that took effect again. */
  readonly appliedAgain: number;
}

export type OnReplayed = (progress: ReplayProgress) => void;

const LOOK_MS = 500;
/** A partition that does not move for so long may hold nothing but marks of transactions up to its end. */
const QUIET_MS = 5_000;
/** So long none of them may move. */
const STUCK_MS = 5 * 60_000;

const at = (positions: ReadonlyMap<string, number>, rewind: Rewind): number =>
  Math.min(rewind.upTo, positions.get(placeOf(rewind)) ?? rewind.to);

const committed = async (admin: Admin, rewinds: readonly Rewind[]): Promise<ReadonlyMap<string, number>> => {
  const topics = [...new Set(rewinds.map(({ topic }) => topic))];
  return new Map((await groupPositions(admin, topics)).map((one) => [placeOf(one), one.committed]));
};

/** Those that have no record left to deliver. */
const exhausted = async (
  settings: Settings,
  waiting: readonly Rewind[],
  positions: ReadonlyMap<string, number>,
): Promise<ReadonlySet<string>> => {
  const spans = waiting.map((one) => ({ ...one, from: at(positions, one), end: one.upTo }));
  const full = new Set<string>();
  await readSpans(settings, spans, async (span, records) => {
    if (records.length > 0) full.add(placeOf(span));
  });
  return new Set(waiting.map(placeOf).filter((place) => !full.has(place)));
};

const appliedAgain = async (redis: Redis, rewinds: readonly Rewind[]): Promise<number> =>
  (await knowledgeOf(redis, rewinds)).reduce((sum, one) => sum + one.appliedAgain, 0);

/**
 * Waits until every group stands where it stood before.
 *
 * @throws StreamError REFUSED when `signal` ends the wait, TIMED_OUT when nothing moves; the replay goes on by itself
 */
export const replayed = async (
  settings: Settings,
  redis: Redis,
  rewinds: readonly Rewind[],
  onReplayed: OnReplayed,
  signal: AbortSignal,
): Promise<void> =>
  withAdmin(settings, async (admin) => {
    const total = rewinds.reduce((sum, one) => sum + replayedBy(one), 0);
    let waiting = rewinds;
    let movedAt = Date.now();
    let last = -1;
    for (let looked = 0; ; ) {
      const positions = await committed(admin, rewinds);
      waiting = waiting.filter((one) => at(positions, one) < one.upTo);
      const left = waiting.reduce((sum, one) => sum + one.upTo - at(positions, one), 0);
      onReplayed({ done: total - left, total, appliedAgain: await appliedAgain(redis, rewinds) });
      if (waiting.length === 0) return;
      if (signal.aborted) throw stopped();
      const now = Date.now();
      if (left !== last) [movedAt, last] = [now, left];
      else if (now - Math.max(movedAt, looked) > QUIET_MS) {
        looked = now;
        const ended = await exhausted(settings, waiting, positions);
        waiting = waiting.filter((one) => !ended.has(placeOf(one)));
      }
      if (now - movedAt > STUCK_MS) throw stuck(waiting);
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  });

const stopped = (): StreamError =>
  new StreamError('REFUSED', 'The repair was stopped before the replay had ended; the functions go on with it.', {
    next: 'Run the same again: it waits for the rest and reports',
  });

const stuck = (waiting: readonly Rewind[]): TransientError =>
  new TransientError(
    'TIMED_OUT',
    `Nothing was replayed for ${STUCK_MS / 60_000} minutes: ${waiting.map(({ topic, partition }) => `${topic} [${partition}]`).join(', ')}.`,
    { next: 'See ./stream-manager.sh lag, then run the same again: it continues' },
  );
