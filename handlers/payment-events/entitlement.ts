import { PLANS } from '../../lib/catalog/index.ts';
import { bestGrant, type Grant } from '../../lib/stores/entitlements.ts';
import type { Customer, Subscription } from './customer.ts';

/** The provider's words for the state of a subscription, and whether one in it gives its plan. */
export const STATUSES: Readonly<Record<string, boolean>> = {
  trialing: true,
  active: true,
  // The provider is still trying to get its money, and so are we: dunning decides.
  past_due: true,
  // Until its end: that is told by endsAt.
  canceled: true,
  cancelled: true,
  incomplete: false,
  incomplete_expired: false,
  unpaid: false,
  paused: false,
};

export const NO_PLAN: Grant = { plan: 'free', seats: PLANS.free.seats };

/**
 * What a customer pays for a user to have: the best plan among the user's subscriptions that are active, have not ended, and
 * are not behind with a payment. A payment past its last dunning step ends every subscription there was when it failed; one
 * that began later stands by itself.
 *
 * @param at now, milliseconds since 1970
 */
export const entitlementOf = (
  { subscriptions, lapses }: Pick<Customer, 'subscriptions' | 'lapses'>,
  userId: string,
  at: number,
): Grant => {
  const gives = ({ userId: owner, status, endsAt, since }: Subscription): boolean =>
    owner === userId &&
    STATUSES[status] === true &&
    (endsAt === null || at < Date.parse(endsAt)) &&
    ![...lapses.values()].some((failedAt) => failedAt >= since);
  return bestGrant([...subscriptions.values()].filter(gives)) ?? NO_PLAN;
};
