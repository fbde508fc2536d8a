import type { Effect, FollowUp } from '../../lib/consumer/index.ts';
import type { EventOf } from '../../lib/events/index.ts';
import type { Change, Customer } from './customer.ts';

/** What an event comes to, before anything is done about it. */
export interface Decision extends Pick<Effect, 'events' | 'schedule' | 'unschedule' | 'updates'> {
  readonly change: Change;
  readonly events: readonly FollowUp[];
  /** Names what takes a plan away, should this do so: a user is told once of each. */
  readonly ending?: string;
}

/** Events of a payment provider's customer. */
export type PaymentEventType =
  | 'payment.succeeded'
  | 'payment.failed'
  | 'payment.refunded'
  | 'payment.dunning.due'
  | 'subscription.created'
  | 'subscription.updated'
  | 'subscription.cancelled'
  | 'subscription.ended.due';

/**
 * Decides about an event by what is known of its customer. Without effects of its own; undefined: there is nothing to do.
 *
 * @param now milliseconds since 1970
 * @throws PermanentError when the event can never be worked
 */
export type Decide<Type extends PaymentEventType> = (
  customer: Customer,
  event: EventOf<Type>,
  now: number,
) => Decision | undefined;
