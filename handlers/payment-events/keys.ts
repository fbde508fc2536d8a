import { topic } from '../../lib/catalog/index.ts';
import { hashTag } from '../../lib/stores/hash-tag.ts';

/** Redis keys of a customer; their hash tag is the customer, which is the key of the records. */
export interface CustomerKeys {
  /** Hash: payment id, JSON of the payment. */
  readonly payments: string;
  /** Hash: subscription id, JSON of the subscription. */
  readonly subscriptions: string;
  /** Hash: payment id, time of its failure; those past their last dunning step. */
  readonly lapses: string;
  /** List of entries as JSON; the one with sequence number n at index n - 1. */
  readonly ledger: string;
  /** Hash: CURRENCY/account, minor units. */
  readonly balances: string;
  /** Hash: user id, JSON of what was granted. */
  readonly grants: string;
  /** That a provider's event has been worked. */
  readonly mark: (providerEventId: string) => string;
}

export const keysOf = (customerId: string): CustomerKeys => {
  const tag = hashTag(customerId);
  return {
    payments: `payments:${tag}`,
    subscriptions: `subscriptions:${tag}`,
    lapses: `payment-lapses:${tag}`,
    ledger: `ledger:${tag}`,
    balances: `ledger-balances:${tag}`,
    grants: `payment-grants:${tag}`,
    mark: (providerEventId) => `payment-event:${tag}:${providerEventId}`,
  };
};

/** Set of the customers a user is or was. Hash tag: the user. */
export const customersOfKey = (userId: string): string => `customers-of:${hashTag(userId)}`;

/**
 * Seconds a provider's event is remembered: twice as long as the topic can bring it again. What comes later still meets
 * the payment, which is kept for good and booked once.
 */
export const MARK_SECONDS = (2 * topic('payment-events').retentionMs) / 1_000;

/** Names of what is scheduled. */
export const dunningKey = (customerId: string, paymentId: string, step: number): string =>
  `dunning/${customerId}/${paymentId}/${step}`;

export const endKey = (customerId: string, subscriptionId: string): string =>
  `subscription-end/${customerId}/${subscriptionId}`;
