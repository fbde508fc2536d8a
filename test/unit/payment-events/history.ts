import { type Customer, changed, newCustomer } from '../../../handlers/payment-events/customer.ts';
import type { Decide, PaymentEventType } from '../../../handlers/payment-events/decision.ts';
import { dunningDue } from '../../../handlers/payment-events/dunning-due.ts';
import type { Entry } from '../../../handlers/payment-events/ledger.ts';
import { paymentFailed } from '../../../handlers/payment-events/payment-failed.ts';
import { paymentRefunded } from '../../../handlers/payment-events/payment-refunded.ts';
import { paymentSucceeded } from '../../../handlers/payment-events/payment-succeeded.ts';
import { subscriptionChanged } from '../../../handlers/payment-events/subscription-changed.ts';
import { subscriptionEnded } from '../../../handlers/payment-events/subscription-ended.ts';
import type { FollowUp } from '../../../lib/consumer/index.ts';
import { type EventInputs, eventOf } from '../../../lib/events/index.ts';

export const NOW = Date.parse('2026-06-01T00:00:00Z');

const DECISIONS: { readonly [Type in PaymentEventType]: Decide<Type> } = {
  'payment.succeeded': paymentSucceeded,
  'payment.failed': paymentFailed,
  'payment.refunded': paymentRefunded,
  'payment.dunning.due': dunningDue,
  'subscription.created': subscriptionChanged,
  'subscription.updated': subscriptionChanged,
  'subscription.cancelled': subscriptionChanged,
  'subscription.ended.due': subscriptionEnded,
};

/** A decision about an event of some type; decided when it is called. */
export interface Told {
  readonly eventId: string;
  readonly providerEventId: string | undefined;
  readonly decide: (customer: Customer, now: number) => ReturnType<Decide<PaymentEventType>>;
}

/** The customer and the user of all these events. */
export const WHO = { customerId: 'c', userId: 'u' };

/** An event; the same providerEventId, given twice, is the provider's repeat. */
export const told = <Type extends PaymentEventType>(type: Type, payload: EventInputs[Type]): Told => {
  const event = eventOf(type, payload, { source: 'test' });
  const decide: Decide<Type> = DECISIONS[type];
  return {
    eventId: event.eventId,
    providerEventId: 'providerEventId' in payload ? payload.providerEventId : undefined,
    decide: (customer, now) => decide(customer, event, now),
  };
};

/** What a customer has become. */
export interface History {
  readonly customer: Customer;
  readonly entries: readonly Entry[];
  /** Everything that is published. */
  readonly events: readonly FollowUp[];
}

/** Works events one after the other, as the handler does, each of the provider's once. */
export const historyOf = (events: readonly Told[], now = NOW): History => {
  let customer = newCustomer('c');
  const entries: Entry[] = [];
  const published: FollowUp[] = [];
  const worked = new Set<string>();
  for (const { eventId, providerEventId, decide } of events) {
    if (worked.has(providerEventId ?? eventId)) continue;
    worked.add(providerEventId ?? eventId);
    const decision = decide(customer, now);
    if (decision === undefined) continue;
    const next = changed(customer, decision.change, eventId);
    customer = next.customer;
    entries.push(...next.entries);
    published.push(...decision.events);
  }
  return { customer, entries, events: published };
};
