import { days, topic } from '../../lib/catalog/index.ts';
import type { Effect, HandlerContext } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { bestGrant, type Grant, grantPlan, readGrants } from '../../lib/stores/entitlements.ts';
import { type Customer, changed } from './customer.ts';
import { loadCustomer, markWrite, type Subject, writesOf } from './customer-store.ts';
import type { Decide, PaymentEventType } from './decision.ts';
import { entitlementOf, NO_PLAN } from './entitlement.ts';
import { writeJournal } from './journal.ts';
import { customersOfKey } from './keys.ts';
import { planEnded } from './notices.ts';
import { restoreCustomer } from './restoring.ts';

/** What every event of the topic has, and what some have. */
interface Payload {
  readonly customerId: string;
  readonly userId: string;
  readonly paymentId?: string;
  readonly providerEventId?: string;
  readonly createdAt?: string;
}

/**
 * Does what is decided about an event. The order is what makes it safe: the journal has a booking before Redis has it, the
 * entry and the mark of the provider's event are written in one script, and all of it is the same when it is done again. The
 * records of a partition are processed one after the other; where two invocations are at one, what was read is written only
 * while it is still so.
 */
export const work = async <Type extends PaymentEventType>(
  decide: Decide<Type>,
  event: EventOf<Type>,
  payload: Payload,
  context: HandlerContext,
  now: number,
): Promise<Effect | undefined> => {
  const { customerId, userId, providerEventId } = payload;
  requireIds(payload);
  const { customer: before, workedAs } = await load(payload, context);
  if (workedAs === event.eventType) return undefined;
  if (workedAs !== undefined) throw sameId(providerEventId ?? '', workedAs, event.eventType);
  const decision = decide(before, event, now);
  if (decision === undefined) return undefined;
  // Nobody asked for what we have scheduled ourselves: a user who has been erased since is left alone.
  if (providerEventId === undefined && !(await isCustomer(context, payload))) return undefined;
  const { change, events, ending, updates = [], ...rest } = decision;
  const { customer, entries } = changed(before, change, event.eventId);
  context.signal.throwIfAborted();
  await writeJournal(context.objects, customerId, change.bookings ?? []);
  const grants = newGrants(customer, now);
  const ended = await endedPlans(before, grants, context);
  const told = [
    ...events,
    ...ended.flatMap(({ owner, plan }) => planEnded({ userId: owner, customerId }, plan, ending ?? event.eventId)),
  ];
  return {
    ...rest,
    events: isOld(event, payload, now) ? told.filter(({ type }) => type !== 'notification.requested') : told,
    updates: [
      ...updates,
      ...[...grants].map(([owner, grant]) => ({ userId: owner, type: 'plan.changed', data: { ...grant } })),
    ],
    crossKeyWrites: [
      { name: 'customers', owner: userId, writes: [['SADD', customersOfKey(userId), customerId]] },
      ...[...grants].map(([owner, { plan, seats }]) => ({
        name: 'plan',
        owner,
        writes: [grantPlan(owner, plan, seats, customerId)],
      })),
    ],
    writes: [
      ...writesOf(before, { ...customer, grants: new Map([...customer.grants, ...grants]) }, entries),
      ...(providerEventId === undefined ? [] : [markWrite(customerId, providerEventId, event.eventType)]),
    ],
  };
};

/** Longer than a record can wait here and then lie among the dead letters, with a day to spare. */
const TELL_MS = topic('dead-letter-queue').retentionMs + days(2);

/**
 * Whether an event is here because the topic is worked again from an earlier place, as after a loss of data. It counts like any
 * other, but nobody is to get the receipts of a quarter once more.
 */
const isOld = ({ timestamp }: Pick<EventOf, 'timestamp'>, { createdAt }: Payload, now: number): boolean =>
  now - Date.parse(createdAt ?? timestamp) > TELL_MS;

/** Anything a provider may use as an id, but nothing that would run together with others. */
const ID = /^[^\s\p{C}]{1,200}$/u;

/** The ids by which something is kept; the others are only passed on. */
const KEPT_BY: readonly string[] = [
  'customerId',
  'userId',
  'providerEventId',
  'paymentId',
  'refundId',
  'subscriptionId',
];

const requireIds = (payload: Payload): void => {
  const bad = Object.entries(payload).find(([name, id]) => KEPT_BY.includes(name) && !ID.test(String(id)));
  if (bad === undefined) return;
  throw new PermanentError('INVALID_EVENT', `${bad[0]} must be an id of 1 to 200 characters without spaces.`);
};

const sameId = (providerEventId: string, before: string, now: string): PermanentError =>
  new PermanentError(
    'RULE_VIOLATED',
    `The provider's event ${providerEventId} was worked as ${before}; it cannot be ${now} as well.`,
    { next: 'Give each event an id of its own where one of the provider becomes several' },
  );

const isCustomer = async ({ redis }: HandlerContext, { userId, customerId }: Payload): Promise<boolean> =>
  (await redis.sismember(customersOfKey(userId), customerId)) === 1;

const load = async (subject: Subject, { redis, objects, signal }: HandlerContext) => {
  const loaded = await loadCustomer(redis, subject);
  if (loaded.isKnown || loaded.workedAs !== undefined) return loaded;
  // A new customer, or Redis has lost its data.
  signal.throwIfAborted();
  return (await restoreCustomer(redis, objects, subject.customerId)) ? loadCustomer(redis, subject) : loaded;
};

/** What users are granted from now on, where it is something else than before. */
const newGrants = (customer: Customer, now: number): ReadonlyMap<string, Grant> => {
  const users = new Set([
    ...[...customer.subscriptions.values()].map(({ userId }) => userId),
    ...customer.grants.keys(),
  ]);
  const grants = [...users].map((userId) => [userId, entitlementOf(customer, userId, now)] as const);
  return new Map(
    grants.filter(([userId, { plan, seats }]) => {
      const known = customer.grants.get(userId);
      return known?.plan !== plan || known.seats !== seats;
    }),
  );
};

/** Users who have lost a plan and have none from another customer. */
const endedPlans = async (
  { customerId, grants: before }: Customer,
  grants: ReadonlyMap<string, Grant>,
  { redis }: HandlerContext,
): Promise<readonly { readonly owner: string; readonly plan: string }[]> => {
  const lost = [...grants].flatMap(([owner, { plan }]) => {
    const had = before.get(owner)?.plan ?? NO_PLAN.plan;
    return plan === NO_PLAN.plan && had !== NO_PLAN.plan ? [{ owner, plan: had }] : [];
  });
  const alone = await Promise.all(
    lost.map(async ({ owner }) => {
      const others = new Map(await readGrants(redis, owner));
      others.delete(customerId);
      return (bestGrant([...others.values()]) ?? NO_PLAN).plan === NO_PLAN.plan;
    }),
  );
  return lost.filter((_, i) => alone[i]);
};
