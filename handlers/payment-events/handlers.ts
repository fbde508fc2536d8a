import { type EventHandler, type Handlers, ignore } from '../../lib/consumer/index.ts';
import type { EventOf } from '../../lib/events/index.ts';
import type { Decide, PaymentEventType } from './decision.ts';
import { dunningDue } from './dunning-due.ts';
import { paymentFailed } from './payment-failed.ts';
import { paymentRefunded } from './payment-refunded.ts';
import { paymentSucceeded } from './payment-succeeded.ts';
import { subscriptionChanged } from './subscription-changed.ts';
import { subscriptionEnded } from './subscription-ended.ts';
import { work } from './work.ts';

/** Schedulers and functions have clocks of their own: what is due now may seem to be due in a moment. */
const notBefore = (endsAt: string, now: number): number => Math.max(now, Date.parse(endsAt));

/**
 * A decision for each event type.
 *
 * @param clock milliseconds since 1970
 */
export const paymentHandlers = (clock: () => number = Date.now): Handlers<'payment-events'> => {
  const by =
    <Type extends PaymentEventType>(decide: Decide<Type>): EventHandler<Type> =>
    (event: EventOf<Type>, context) =>
      work(decide, event, event.payload, context, clock());
  return {
    'payment.succeeded': by(paymentSucceeded),
    'payment.failed': by(paymentFailed),
    'payment.refunded': by(paymentRefunded),
    // For the database.
    'payment.ledger.posted': ignore,
    'payment.dunning.due': by(dunningDue),
    'subscription.created': by(subscriptionChanged),
    'subscription.updated': by(subscriptionChanged),
    'subscription.cancelled': by(subscriptionChanged),
    'subscription.ended.due': (event, context) =>
      work(subscriptionEnded, event, event.payload, context, notBefore(event.payload.endsAt, clock())),
  };
};
