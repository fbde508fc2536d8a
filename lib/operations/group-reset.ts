import type { Settings } from '../settings.ts';
import { withAdmin } from './cluster.ts';
import { whilePaused } from './mappings.ts';
import { applyReset, planGroupReset, type Reset, requireInactive } from './offsets.ts';
import type { ResetTarget } from './reset-plan.ts';

/** A group that is to continue elsewhere. */
export interface ResetRequest {
  readonly group: string;
  readonly topic: string;
  readonly target: ResetTarget;
  /** All of them when absent. */
  readonly partitions?: readonly number[] | undefined;
}

/** What it would do. @throws as `planGroupReset` */
export const resetPlan = (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  { group, topic, target, partitions }: ResetRequest,
): Promise<Reset> => withAdmin(settings, (admin) => planGroupReset(admin, group, topic, target, partitions));

/**
 * Moves an inactive group. It is planned once more: the group may have moved on while somebody read the plan.
 *
 * @param hostUrl the functions host, to pause the local mapping of the topic for the time of the reset
 * @returns what was done
 * @throws StreamError REFUSED while the group has members; as `planGroupReset`, `applyReset` and `whilePaused`
 */
export const resetGroup = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  request: ResetRequest,
  hostUrl?: string,
): Promise<Reset> => {
  const apply = async (): Promise<Reset> => {
    const fresh = await resetPlan(settings, request);
    requireInactive(fresh);
    await applyReset(settings, fresh);
    return fresh;
  };
  return hostUrl === undefined ? apply() : whilePaused(hostUrl, request.topic, apply);
};
