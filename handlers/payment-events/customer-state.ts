import type { ObjectStore } from '../../lib/stores/objects.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { Payment, Subscription } from './customer.ts';
import { entryFrom, mapOf, paymentFrom, subscriptionFrom } from './customer-store.ts';
import { readJournal } from './journal.ts';
import { customersOfKey, keysOf } from './keys.ts';
import { ACCOUNTS, balanceName, balancesIn, type Entry, faultsIn } from './ledger.ts';
import { formatted } from './money.ts';

/** What a customer has in one currency, in minor units and as people read it. */
export interface CurrencyBalances {
  readonly currency: string;
  readonly accounts: readonly { readonly account: string; readonly minor: string; readonly text: string }[];
}

/** A customer as people look at it. */
export interface CustomerState {
  readonly customerId: string;
  readonly subscriptions: readonly Subscription[];
  readonly payments: readonly Payment[];
  readonly balances: readonly CurrencyBalances[];
  readonly entries: number;
}

/** Customers of a user. */
export const customersOf = (redis: Redis, userId: string): Promise<readonly string[]> =>
  redis.smembers(customersOfKey(userId));

/** @returns undefined for a customer nobody has spoken of */
export const readCustomer = async (redis: Redis, customerId: string): Promise<CustomerState | undefined> => {
  const keys = keysOf(customerId);
  const [subscriptions, payments, balances, entries] = await Promise.all([
    redis.hgetall(keys.subscriptions),
    redis.hgetall(keys.payments),
    redis.hgetall(keys.balances),
    redis.llen(keys.ledger),
  ]);
  const state = {
    customerId,
    subscriptions: [...mapOf(subscriptions, subscriptionFrom).values()],
    payments: [...mapOf(payments, paymentFrom).values()],
    balances: balancesOf(mapOf(balances, BigInt)),
    entries,
  };
  return entries + state.subscriptions.length + state.payments.length === 0 ? undefined : state;
};

const balancesOf = (balances: ReadonlyMap<string, bigint>): readonly CurrencyBalances[] => {
  const currencies = new Set([...balances.keys()].map((name) => name.slice(0, name.indexOf('/'))));
  return [...currencies].sort().map((currency) => ({
    currency,
    accounts: ACCOUNTS.map((account) => {
      const minor = balances.get(balanceName(currency, account)) ?? 0n;
      return { account, minor: balancesIn(balances, currency)[account], text: formatted(minor, currency) };
    }),
  }));
};

/**
 * Entries of a customer's ledger, oldest first.
 *
 * @param from sequence number of the first
 */
export const readEntries = async (
  redis: Redis,
  customerId: string,
  { from = 1, count = 100 }: { readonly from?: number; readonly count?: number } = {},
): Promise<readonly Entry[]> =>
  (await redis.lrange(keysOf(customerId).ledger, from - 1, from + count - 2)).map(entryFrom);

/**
 * Adds a customer's ledger up again and holds it against the journal in object storage.
 *
 * @returns what is wrong, in sentences; nothing when all is well
 */
export const checkCustomer = async (
  { redis, objects }: { readonly redis: Redis; readonly objects: ObjectStore },
  customerId: string,
): Promise<readonly string[]> => {
  const keys = keysOf(customerId);
  const [texts, balances] = await Promise.all([redis.lrange(keys.ledger, 0, -1), redis.hgetall(keys.balances)]);
  const entries = texts.map(entryFrom);
  // After the ledger: a booking is in the journal first.
  const journal = new Map((await readJournal(objects, customerId)).map((each) => [each.providerEventId, each]));
  const booked = new Set(entries.map(({ providerEventId }) => providerEventId));
  return [
    ...faultsIn(entries, mapOf(balances, BigInt)),
    ...entries.flatMap(({ seq, providerEventId, amount, currency }) => {
      const found = journal.get(providerEventId);
      if (found?.amount === amount && found.currency === currency) return [];
      return [`The journal ${found === undefined ? 'lacks' : 'has another amount for'} entry ${seq}.`];
    }),
    ...[...journal.keys()]
      .filter((id) => !booked.has(id))
      .map((id) => `The journal has the provider's event ${id}, which the ledger has not booked.`),
  ];
};
