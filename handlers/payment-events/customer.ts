import type { Grant } from '../../lib/stores/entitlements.ts';
import { type Booking, EMPTY_LEDGER, type Entry, type Ledger, posted } from './ledger.ts';

/** A refund, booked or waiting for its payment. */
export interface Refund {
  readonly refundId: string;
  readonly providerEventId: string;
  readonly amount: number;
  readonly currency: string;
  /** When the provider made it, ISO 8601, UTC. */
  readonly at: string;
}

/** What is known of a payment. */
export interface Payment {
  readonly paymentId: string;
  /** `awaited`: only refunds of it have come so far. Paid is the end: no later failure changes it. */
  readonly status: 'awaited' | 'failed' | 'paid';
  /** Minor units; undefined while it is awaited. */
  readonly amount?: number;
  readonly currency?: string;
  /** Provider's event by which it was paid. */
  readonly paidBy?: string;
  /** Its first failure, ISO 8601, UTC: dunning counts from there. */
  readonly failedAt?: string;
  /** Why, in the provider's words. */
  readonly reason?: string;
  /** Dunning steps that were taken. */
  readonly steps: readonly number[];
  readonly refunds: readonly Refund[];
  /** Refunds that came before it. */
  readonly held: readonly Refund[];
}

/** What is known of a subscription: what its newest event said. */
export interface Subscription {
  readonly subscriptionId: string;
  readonly userId: string;
  readonly plan: Grant['plan'];
  readonly seats: number;
  /** The provider's word, one of STATUSES. */
  readonly status: string;
  readonly currentPeriodEnd: string | null;
  /** When it ends, ISO 8601, UTC; null while nobody has cancelled it. */
  readonly endsAt: string | null;
  /** Version of the newest event (versionOf). */
  readonly version: string;
  /** Creation time of its earliest event that was seen, ISO 8601, UTC. */
  readonly since: string;
}

/** What decisions about a customer rest on. */
export interface Customer {
  readonly customerId: string;
  /** At least the one that the event speaks of. */
  readonly payments: ReadonlyMap<string, Payment>;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** Payments past their last dunning step, with the time of their failure. */
  readonly lapses: ReadonlyMap<string, string>;
  readonly ledger: Ledger;
  /** What each user has been granted because of this customer. */
  readonly grants: ReadonlyMap<string, Grant>;
}

export const newCustomer = (customerId: string): Customer => ({
  customerId,
  payments: new Map(),
  subscriptions: new Map(),
  lapses: new Map(),
  ledger: EMPTY_LEDGER,
  grants: new Map(),
});

/** What an event changes of a customer. */
export interface Change {
  readonly payment?: Payment;
  readonly subscription?: Subscription;
  /** Money that has moved, in the order in which it is to be booked. */
  readonly bookings?: readonly Booking[];
}

/** Days after the failure at which a customer is reminded; after the last one the plan is gone. */
export const DUNNING_DAYS = [1, 3, 7] as const;

export const LAST_STEP = DUNNING_DAYS.length;

const isLapsed = ({ status, steps }: Payment): boolean => status === 'failed' && steps.includes(LAST_STEP);

/** The customer after a change, and the ledger's entries of it. */
export const changed = (
  customer: Customer,
  { payment, subscription, bookings = [] }: Change,
  eventId: string,
): { readonly customer: Customer; readonly entries: readonly Entry[] } => {
  const lapses = new Map(customer.lapses);
  if (payment !== undefined) {
    if (isLapsed(payment)) lapses.set(payment.paymentId, payment.failedAt ?? '');
    else lapses.delete(payment.paymentId);
  }
  let { ledger } = customer;
  const entries = bookings.map((booking) => {
    const after = posted(ledger, booking, eventId);
    ledger = after.ledger;
    return after.entry;
  });
  return {
    entries,
    customer: {
      ...customer,
      payments: withOne(customer.payments, payment?.paymentId, payment),
      subscriptions: withOne(customer.subscriptions, subscription?.subscriptionId, subscription),
      lapses,
      ledger,
    },
  };
};

const withOne = <Value>(
  all: ReadonlyMap<string, Value>,
  key: string | undefined,
  value: Value | undefined,
): ReadonlyMap<string, Value> => (key === undefined || value === undefined ? all : new Map(all).set(key, value));
