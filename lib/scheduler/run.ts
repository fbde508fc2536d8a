import { setTimeout as delay } from 'node:timers/promises';
import type { Publisher } from '../events/index.ts';
import type { Redis } from '../stores/redis.ts';
import { openLease } from './lease.ts';
import { type Periodic, publishPeriodic } from './periodic.ts';
import { publishDue } from './publish-due.ts';
import type { Schedule } from './schedule.ts';

export interface SchedulerPorts {
  readonly redis: Redis;
  readonly publisher: Publisher;
  readonly schedule: Schedule;
  readonly periodic: readonly Periodic[];
  /** Told what failed; the next turn tries it again. */
  readonly onFailure: (error: unknown) => void;
}

/** Milliseconds between two looks: how late a due event may be. */
const TURN_MS = 250;
/** A scheduler that is gone is replaced after so long. */
const LEASE_MS = 5_000;

/**
 * Publishes what is due and the periodic events until it is told to stop. Of several that run at the same time one works and
 * the others stand by.
 *
 * @returns how many scheduled records it has published
 */
export const runScheduler = async (ports: SchedulerPorts, signal: AbortSignal): Promise<number> => {
  const { redis, publisher, schedule, periodic, onFailure } = ports;
  const lease = openLease(redis, 'schedule:{due}:lease', LEASE_MS);
  let published = 0;
  while (!signal.aborted) {
    try {
      if (await lease.hold()) {
        await schedule.recover();
        published += await publishDue(schedule, publisher, Date.now());
        await publishPeriodic(periodic, redis, publisher, Date.now());
      }
    } catch (error) {
      onFailure(error);
    }
    await delay(TURN_MS, undefined, { signal }).catch(() => undefined);
  }
  await lease.release().catch(onFailure);
  return published;
};
