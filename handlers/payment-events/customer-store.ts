import type { Grant } from '../../lib/stores/entitlements.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import type { Customer, Payment, Subscription } from './customer.ts';
import { keysOf, MARK_SECONDS } from './keys.ts';
import type { Entry } from './ledger.ts';

/** What an event speaks of. */
export interface Subject {
  readonly customerId: string;
  readonly paymentId?: string;
  readonly providerEventId?: string;
}

/** A customer as Redis has it. */
export interface Loaded {
  readonly customer: Customer;
  /** Type of the event as which the provider's event has been worked before; undefined: it has not. */
  readonly workedAs: string | undefined;
  /** Whether Redis knows anything of the customer. */
  readonly isKnown: boolean;
}

/** Whether Redis has anything of a customer. */
export const isKnown = async (redis: Redis, customerId: string): Promise<boolean> => {
  const { payments, subscriptions, ledger } = keysOf(customerId);
  return (await redis.exists(payments, subscriptions, ledger)) > 0;
};

/** Reads a customer, with the payment that an event speaks of. */
export const loadCustomer = async (
  redis: Redis,
  { customerId, paymentId, providerEventId }: Subject,
): Promise<Loaded> => {
  const keys = keysOf(customerId);
  const [marked, known, payment, subscriptions, lapses, entries, balances, grants] = await Promise.all([
    providerEventId === undefined ? null : redis.get(keys.mark(providerEventId)),
    isKnown(redis, customerId),
    paymentId === undefined ? null : redis.hget(keys.payments, paymentId),
    redis.hgetall(keys.subscriptions),
    redis.hgetall(keys.lapses),
    redis.llen(keys.ledger),
    redis.hgetall(keys.balances),
    redis.hgetall(keys.grants),
  ]);
  return {
    workedAs: marked ?? undefined,
    isKnown: known,
    customer: {
      customerId,
      payments: new Map(payment === null || paymentId === undefined ? [] : [[paymentId, paymentFrom(payment)]]),
      subscriptions: mapOf(subscriptions, subscriptionFrom),
      lapses: mapOf(lapses, (failedAt) => failedAt),
      ledger: { entries, balances: mapOf(balances, BigInt) },
      grants: mapOf(grants, grantFrom),
    },
  };
};

/** A hash of Redis, its values read. */
export const mapOf = <Value>(
  fields: Readonly<Record<string, string>>,
  read: (text: string) => Value,
): ReadonlyMap<string, Value> => new Map(Object.entries(fields).map(([name, text]) => [name, read(text)]));

export const paymentFrom = (json: string): Payment => JSON.parse(json);

export const subscriptionFrom = (json: string): Subscription => JSON.parse(json);

export const entryFrom = (json: string): Entry => JSON.parse(json);

const grantFrom = (json: string): Grant => JSON.parse(json);

/**
 * The writes that take Redis from one state of a customer to the next. None of them can fail on keys of ours: a script of
 * Redis is not undone when a command in it fails.
 */
export const writesOf = (before: Customer, after: Customer, entries: readonly Entry[]): readonly RedisCommand[] => {
  const keys = keysOf(after.customerId);
  const gone = [...before.lapses.keys()].filter((paymentId) => !after.lapses.has(paymentId));
  return [
    ...hashWrite(keys.payments, before.payments, after.payments, JSON.stringify),
    ...hashWrite(keys.subscriptions, before.subscriptions, after.subscriptions, JSON.stringify),
    ...hashWrite(keys.lapses, before.lapses, after.lapses, String),
    ...(gone.length === 0 ? [] : [['HDEL', keys.lapses, ...gone] as const]),
    ...(entries.length === 0
      ? []
      : [['RPUSH', keys.ledger, ...entries.map((entry) => JSON.stringify(entry))] as const]),
    ...hashWrite(keys.balances, before.ledger.balances, after.ledger.balances, String),
    ...hashWrite(keys.grants, before.grants, after.grants, JSON.stringify),
  ];
};

/** The write that remembers a provider's event. */
export const markWrite = (customerId: string, providerEventId: string, eventType: string): RedisCommand => [
  'SET',
  keysOf(customerId).mark(providerEventId),
  eventType,
  'EX',
  MARK_SECONDS,
];

/** Fields that are new or other than before. */
const hashWrite = <Value>(
  key: string,
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
  text: (value: Value) => string,
): readonly RedisCommand[] => {
  const fields = [...after].filter(([name, value]) => before.get(name) !== value);
  return fields.length === 0 ? [] : [['HSET', key, ...fields.flatMap(([name, value]) => [name, text(value)])]];
};
