import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../lib/errors.ts';
import { withAdmin } from '../../../lib/operations/cluster.ts';
import { catalogProgress } from '../../../lib/operations/groups.ts';
import type { Settings } from '../../../lib/settings.ts';

/**
 * After the last fault every group must have committed everything within this time. A record that failed while something
 * was away waits up to thirty seconds for its next try (lib/local/functions/choices.ts), and what it publishes comes after.
 */
export const BOUND_MS = 120_000;
const LOOK_MS = 300;
/** Follow-ups are published before their cause is committed; two looks show that none was on its way between two groups. */
const LOOKS = 2;

/**
 * Waits until no group is behind.
 *
 * @returns partitions that are still behind when the time is up, in words; none as a rule
 */
export const settled = async (settings: Settings, signal: AbortSignal): Promise<readonly string[]> => {
  let behind: readonly string[] = [];
  for (let [end, calm] = [Date.now() + BOUND_MS, 0]; ; await delay(LOOK_MS)) {
    signal.throwIfAborted();
    try {
      behind = await withAdmin(settings, async (admin) =>
        (await catalogProgress(admin))
          .filter(({ lag }) => lag > 0)
          .map(({ topic, partition, lag, committed }) => `${topic}/${partition} is ${lag} behind, at ${committed}`),
      );
    } catch (error) {
      behind = [`the broker does not tell: ${messageOf(error)}`];
    }
    calm = behind.length === 0 ? calm + 1 : 0;
    if (calm === LOOKS || Date.now() > end) return behind;
  }
};
