import { readEntitlements } from '../../lib/stores/entitlements.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { LIMITS } from './limits.ts';
import type { Seats } from './team.ts';

/**
 * The seats of a team by the plans of its owners: the largest counts. Of an owner no payment has spoken of nothing but the
 * technical limit holds.
 *
 * @param owners whose plans are read
 */
export const readSeats = async (redis: Redis, owners: readonly string[]): Promise<Seats> => {
  const plans = await Promise.all(owners.map((owner) => readEntitlements(redis, owner)));
  return seatsBy(
    new Map(
      owners.flatMap((owner, i) => {
        const seats = plans[i]?.seats;
        return seats === undefined ? [] : [[owner, seats] as const];
      }),
    ),
  );
};

/** @param known seats of those owners whose plans are known */
export const seatsBy =
  (known: ReadonlyMap<string, number>): Seats =>
  (owners) =>
    Math.min(LIMITS.members, Math.max(0, ...owners.map((owner) => known.get(owner) ?? LIMITS.members)));
