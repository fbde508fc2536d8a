import { isPlan, PLANS, type PlanLimits, type PlanName } from '../catalog/index.ts';
import { hashTag } from './hash-tag.ts';
import type { Redis } from './redis.ts';
import type { RedisCommand } from './writes.ts';

/** What a user may do, as the payments have it. */
export interface Entitlements extends PlanLimits {
  readonly plan: PlanName;
}

/** A plan with the seats that are paid for. */
export interface Grant {
  readonly plan: PlanName;
  readonly seats: number;
}

/** Hash tag and owner: the user. Fields: `plan` and `seats`, and the same with `@<customerId>` for each paying customer. */
export const entitlementsKey = (userId: string): string => `entitlements:${hashTag(userId)}`;

/**
 * The write that gives a user a plan, for an effect's `elsewhere` with the user as owner.
 *
 * @param customerId the payment provider's customer who pays for it: each has a say of its own, and the best one counts
 *   (two of them need not read each other's, so that neither overwrites what the other has just written)
 */
export const grantPlan = (
  userId: string,
  plan: PlanName,
  seats: number = PLANS[plan].seats,
  customerId?: string,
): RedisCommand => {
  const by = customerId === undefined ? '' : `@${customerId}`;
  return ['HSET', entitlementsKey(userId), `plan${by}`, plan, `seats${by}`, seats];
};

const RANKS: readonly string[] = Object.keys(PLANS);

/** The larger plan, of equal plans the one with more seats. Undefined when there is none. */
export const bestGrant = (grants: readonly Grant[]): Grant | undefined =>
  [...grants].sort((a, b) => RANKS.indexOf(b.plan) - RANKS.indexOf(a.plan) || b.seats - a.seats)[0];

/** All grants of a user, by the customer who pays; those of nobody in particular under ''. */
export const readGrants = async (redis: Redis, userId: string): Promise<ReadonlyMap<string, Grant>> => {
  const fields = await redis.hgetall(entitlementsKey(userId));
  const grants = new Map<string, Grant>();
  for (const [field, plan] of Object.entries(fields)) {
    const by = /^plan(?:@(.*))?$/s.exec(field);
    if (by === null || !isPlan(plan)) continue;
    const seats = fields[field.replace('plan', 'seats')];
    grants.set(by[1] ?? '', { plan, seats: Number(seats ?? PLANS[plan].seats) });
  }
  return grants;
};

/**
 * @returns the best of the user's grants; undefined for a user no payment event has spoken of: then nothing but the
 *   technical limits holds, so that the system works without payments
 */
export const readEntitlements = async (redis: Redis, userId: string): Promise<Entitlements | undefined> => {
  const best = bestGrant([...(await readGrants(redis, userId)).values()]);
  return best === undefined ? undefined : { ...PLANS[best.plan], ...best };
};
