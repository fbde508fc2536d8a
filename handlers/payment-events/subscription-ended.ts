import type { Decide } from './decision.ts';
import { recorded } from './notices.ts';

/**
 * The time has come at which a cancelled subscription ends. Where it has another end by now, or none, nothing happens: a user
 * who has subscribed again keeps the plan, even if the cancelling of this event came too late.
 */
export const subscriptionEnded: Decide<'subscription.ended.due'> = (customer, { payload }) => {
  const { customerId, userId, subscriptionId, endsAt } = payload;
  const known = customer.subscriptions.get(subscriptionId);
  if (known?.endsAt !== endsAt) return undefined;
  return {
    change: {},
    events: [recorded(customerId, 'subscription.ended', `subscription/${subscriptionId}`, endsAt, {})],
    updates: [{ userId, type: 'subscription.ended', data: { subscriptionId } }],
    ending: `subscription/${subscriptionId}/${endsAt}`,
  };
};
