import { isPlan, PLANS } from '../../lib/catalog/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import type { Customer, Subscription } from './customer.ts';
import type { Decision } from './decision.ts';
import { STATUSES } from './entitlement.ts';
import { canonicalTime, versionOf } from './instant.ts';
import { endKey } from './keys.ts';
import { recorded } from './notices.ts';

type SubscriptionEvent = EventOf<'subscription.created' | 'subscription.updated' | 'subscription.cancelled'>;

/**
 * A subscription began, changed or was cancelled. Every event says all there is to know, so the newest one, by the provider's
 * time, is the state of the subscription, whichever order they come in. An older one is remembered in the audit log only.
 */
export const subscriptionChanged = (customer: Customer, event: SubscriptionEvent): Decision => {
  const { payload, eventType } = event;
  const { customerId, userId, subscriptionId } = payload;
  const told = subscriptionOf(event);
  const known = customer.subscriptions.get(subscriptionId);
  const since = known === undefined || told.since < known.since ? told.since : known.since;
  const resource = `subscription/${subscriptionId}`;
  if (known !== undefined && told.version <= known.version) {
    // When it began is known better now; nothing else changes.
    return {
      change: since === known.since ? {} : { subscription: { ...known, since } },
      events: [recorded(customerId, `${eventType}.stale`, resource, canonicalTime('createdAt', payload.createdAt), {})],
    };
  }
  const subscription: Subscription = { ...told, since };
  const { plan, status, seats, endsAt } = subscription;
  const key = endKey(customerId, subscriptionId);
  return {
    change: { subscription },
    ...(endsAt === null
      ? { unschedule: known?.endsAt == null ? [] : [key] }
      : {
          schedule: [
            {
              key,
              at: endsAt,
              event: { type: 'subscription.ended.due', payload: { customerId, userId, subscriptionId, endsAt } },
            },
          ],
        }),
    events: [
      recorded(customerId, eventType, resource, canonicalTime('createdAt', payload.createdAt), {
        ...(known === undefined ? {} : { before: stateOf(known) }),
        after: stateOf(subscription),
      }),
    ],
    updates: [{ userId, type: eventType, data: { subscriptionId, plan, status, seats, endsAt } }],
    ending: `subscription/${subscriptionId}/${endsAt ?? payload.providerEventId}`,
  };
};

const stateOf = ({ plan, status, seats, endsAt, currentPeriodEnd }: Subscription) => ({
  plan,
  status,
  seats,
  endsAt,
  currentPeriodEnd,
});

/** The subscription as an event describes it. */
const subscriptionOf = (event: SubscriptionEvent): Subscription => {
  const { payload } = event;
  const { subscriptionId, userId, plan, status, currentPeriodEnd } = payload;
  if (!isPlan(plan)) {
    throw new PermanentError(
      'RULE_VIOLATED',
      `Subscription ${subscriptionId} is to the plan ${JSON.stringify(plan.slice(0, 40))}; there are ${Object.keys(PLANS).join(', ')}.`,
      {
        next: 'Add the plan to lib/catalog/plans.ts, or mend its name at the payment provider; then put the event back',
      },
    );
  }
  if (!Object.hasOwn(STATUSES, status)) {
    throw new PermanentError(
      'RULE_VIOLATED',
      `Subscription ${subscriptionId} has the status ${JSON.stringify(status.slice(0, 40))}; known are ${Object.keys(STATUSES).join(', ')}.`,
      { next: 'Say in handlers/payment-events/entitlement.ts whether it gives the plan; then put the event back' },
    );
  }
  const seats = payload.seats ?? PLANS[plan].seats;
  if (seats < 1) {
    throw new PermanentError(
      'INVALID_EVENT',
      `Subscription ${subscriptionId} must have at least one seat, not ${seats}.`,
    );
  }
  return {
    subscriptionId,
    userId,
    plan,
    seats,
    status,
    currentPeriodEnd: currentPeriodEnd === null ? null : canonicalTime('currentPeriodEnd', currentPeriodEnd),
    endsAt: endOf(event),
    version: versionOf(payload),
    since: canonicalTime('createdAt', payload.createdAt),
  };
};

const isCancelled = (event: SubscriptionEvent): event is EventOf<'subscription.cancelled'> =>
  event.eventType === 'subscription.cancelled';

/** A cancellation without an end ends it at once. */
const endOf = (event: SubscriptionEvent): string | null => {
  if (!isCancelled(event)) return null;
  const { endsAt, createdAt } = event.payload;
  return endsAt === null ? canonicalTime('createdAt', createdAt) : canonicalTime('endsAt', endsAt);
};
