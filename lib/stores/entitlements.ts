import { isPlan, PLANS, type PlanLimits, type PlanName } from '../catalog/index.ts';
import { hashTag, type RedisCommand } from './marks.ts';
import type { Redis } from './redis.ts';

/** What a user may do, as the payments have it. */
export interface Entitlements extends PlanLimits {
  readonly plan: PlanName;
}

/** Hash tag and owner: the user. */
export const entitlementsKey = (userId: string): string => `entitlements:${hashTag(userId)}`;

/** The write that gives a user a plan, for an effect's `elsewhere` with the user as owner. */
export const grantPlan = (userId: string, plan: PlanName, seats: number = PLANS[plan].seats): RedisCommand => [
  'HSET',
  entitlementsKey(userId),
  'plan',
  plan,
  'seats',
  seats,
];

/**
 * @returns undefined for a user no payment event has spoken of: then nothing but the technical limits holds, so that the
 *   system works without payments
 */
export const readEntitlements = async (redis: Redis, userId: string): Promise<Entitlements | undefined> => {
  const [plan, seats] = await redis.hmget(entitlementsKey(userId), 'plan', 'seats');
  if (plan === null || plan === undefined || !isPlan(plan)) return undefined;
  return { ...PLANS[plan], plan, seats: Number(seats ?? PLANS[plan].seats) };
};
