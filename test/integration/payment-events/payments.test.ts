import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { journalFolder, journalKey } from '../../../handlers/payment-events/journal.ts';
import { PLACES } from '../../../handlers/payment-events/places.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { type EventOf, eventOf } from '../../../lib/events/index.ts';
import type { Redis } from '../../../lib/stores/redis.ts';
import { withFailingScripts } from '../../support/failing-scripts.ts';
import { randomFrom } from '../../support/random.ts';
import { testStack } from '../../support/stack.ts';
import { updateTypesOf } from '../../support/updates.ts';
import { day, openWorld } from './world.ts';

const world = openWorld(testStack().settings);
const { deliver, deliverWith, newCustomer, setDay, published } = world;
const { redis, objects } = world.connections;
afterAll(() => closeConnections(world.connections));
beforeEach(() => setDay(0));

const DONE = { batchItemFailures: [] };

/** The same event of the provider, published once more: another event id. */
const again = ({ eventType, payload }: EventOf): EventOf => eventOf(eventType, payload, { source: 'test' });

describe('money', () => {
  it('that is paid and given back is in the ledger and the journal, and the user and the audit log hear of it', async () => {
    const customer = newCustomer();
    expect(await deliver(customer.paid(), customer.refunded(1, { amount: 250 }))).toEqual(DONE);
    expect(await customer.balances()).toEqual([['EUR', 1_000, -1_250, 250]]);
    expect(await customer.entries()).toMatchObject([
      {
        seq: 1,
        kind: 'payment',
        lines: [
          { account: 'cash', amount: '1250' },
          { account: 'revenue', amount: '-1250' },
        ],
      },
      { seq: 2, kind: 'refund', balances: { cash: '1000', revenue: '-1250', refunds: '250' } },
    ]);
    expect(await customer.check()).toEqual([]);
    expect(await objects.list(journalFolder(customer.customerId))).toHaveLength(2);
    expect(await customer.told()).toEqual(['in-app receipt', 'email receipt', 'in-app refund', 'email refund']);
    expect(await customer.audited()).toEqual(['payment.succeeded', 'payment.refunded']);
    expect(await updateTypesOf(redis, customer.userId)).toEqual(['payment.succeeded', 'payment.refunded']);
    const [receipt] = await published('notifications', customer.userId);
    expect(receipt?.payload).toMatchObject({ data: { amount: '€12.50', description: 'Pro, monthly' } });
  });

  it('that is given back before it came waits for it, and is booked with it', async () => {
    const customer = newCustomer();
    await deliver(customer.refunded(1, { amount: 250 }));
    expect(await customer.entries()).toEqual([]);
    expect((await customer.state())?.payments).toMatchObject([{ status: 'awaited', held: [{ amount: 250 }] }]);
    await deliver(customer.failed(0), customer.paid(0));
    expect(await customer.balances()).toEqual([['EUR', 1_000, -1_250, 250]]);
    expect(await customer.check()).toEqual([]);
    expect(await customer.reasons()).toEqual([]);
  });

  it('that cannot be right is a dead letter that says why, and what follows is booked', async () => {
    const customer = newCustomer();
    const paid = customer.paid();
    const shared = paid.payload.providerEventId;
    await deliver(
      customer.paid(0, { amount: 0 }),
      customer.failed(0, { currency: 'eur' }),
      customer.failed(0, { createdAt: 'yesterday' }),
      customer.failed(0, { providerEventId: '' }),
      paid,
      customer.refunded(1, { providerEventId: shared }),
      customer.refunded(1, { amount: 1_251, refundId: 'r' }),
      customer.refunded(1, { amount: 1, currency: 'USD', refundId: 'r' }),
      customer.paid(1, { amount: 1_300 }),
      customer.dunning(4),
      customer.refunded(1, { amount: 50 }),
    );
    const { paymentId } = paid.payload;
    expect(await customer.reasons()).toEqual([
      'The amount must be a whole number of minor units from 1 to 9007199254740990, not 0.',
      'The currency must be an ISO 4217 code in upper case, not "eur".',
      'createdAt must be a time since 1970 in ISO 8601 with its zone, not "yesterday".',
      'providerEventId must be an id of 1 to 200 characters without spaces.',
      `The provider's event ${shared} was worked as payment.succeeded; it cannot be payment.refunded as well.`,
      `Refund r of €12.51 is more than the €12.50 left of payment ${paymentId}.`,
      `Refund r is in USD; payment ${paymentId} was made in EUR.`,
      `Payment ${paymentId} was booked with €12.50; the event says €13.00.`,
    ]);
    expect(await customer.balances()).toEqual([['EUR', 1_200, -1_250, 50]]);
    expect(await customer.check()).toEqual([]);
  });
});

describe('every event type', () => {
  it('changes nothing when it is delivered again, or sent again by the provider', async () => {
    const customer = newCustomer();
    const events = [
      customer.created(0),
      customer.failed(1),
      customer.paid(2),
      customer.refunded(3, { amount: 50 }),
      customer.failed(4, { paymentId: 'other' }),
      customer.updated(5, { plan: 'business' }),
      customer.cancelled(6, { plan: 'business', endsAt: day(30) }),
    ];
    const due = [customer.ended(day(30)), { ...customer.dunning(1) }];
    await deliver(...events, ...due);
    const before = await customer.dump();
    const told = await customer.told();
    expect(await deliver(...events, ...due)).toEqual(DONE);
    expect(await deliver(...events.slice(3), ...events.map(again))).toEqual(DONE);
    expect(await deliver(...due.map(again))).toEqual(DONE);
    expect(await customer.dump()).toEqual(before);
    expect(await customer.told()).toEqual(told);
    expect(await customer.reasons()).toEqual([]);
  });

  it('of long ago counts, and tells nobody: the topic is worked again', async () => {
    const customer = newCustomer();
    setDay(60);
    await deliver(customer.created(0), customer.paid(0), customer.refunded(1), customer.cancelled(2));
    expect(await customer.balances()).toEqual([['EUR', 0, -1_250, 1_250]]);
    expect(await customer.told()).toEqual([]);
  });
});

/** Scripts that apply such a write are the function's last, or never reach Redis. */
const dying = (fails: (writes: string) => boolean, when: 'before' | 'after'): Redis =>
  withFailingScripts(redis, (args) => {
    if (!args.includes('apply') || !fails(args.join('\n'))) return undefined;
    return when === 'before' ? 'request' : 'answer';
  });

describe('a function that dies', () => {
  it.each(['before', 'after'] as const)('%s its last write has taken effect leaves nothing half done', async (when) => {
    const customer = newCustomer();
    const events = [customer.created(), customer.paid(), customer.refunded(1, { amount: 50 })];
    const killed = dying((writes) => writes.includes('RPUSH'), when);
    expect((await deliverWith({ redis: killed }, ...events)).batchItemFailures).toHaveLength(2);
    expect(await customer.entries()).toHaveLength(when === 'before' ? 0 : 1);
    expect(await deliver(...events)).toEqual(DONE);
    expect(await deliver(...events)).toEqual(DONE);
    expect(await customer.balances()).toEqual([['EUR', 1_200, -1_250, 50]]);
    expect(await customer.check()).toEqual([]);
    // Published before it died, with the same ids again afterwards.
    expect(await customer.told()).toEqual(['in-app receipt', 'email receipt', 'in-app refund', 'email refund']);
  });

  it('between a user’s plan and its own mark gives the plan once', async () => {
    const customer = newCustomer();
    const events = [customer.created(), customer.updated(1, { plan: 'business' })];
    const killed = dying((writes) => writes.includes('subscriptions:'), 'before');
    expect((await deliverWith({ redis: killed }, ...events)).batchItemFailures).toHaveLength(2);
    expect(await customer.plan()).toBe('pro');
    expect(await deliver(...events)).toEqual(DONE);
    expect(await customer.plan()).toBe('business');
  });
});

describe('whatever happens', () => {
  it('the books come to the same: any order, any batches, repeats, and functions that die at any write', async () => {
    const random = randomFrom(7);
    const customer = newCustomer();
    const payments = Array.from({ length: 4 }, (_, i) => `${customer.customerId}-${i}`);
    const events = payments.flatMap((paymentId, i) => {
      const currency = i % 2 === 0 ? 'EUR' : 'JPY';
      return [
        customer.failed(1, { paymentId }),
        customer.paid(2, { paymentId, amount: 1_000 * (i + 1), currency }),
        customer.refunded(3, { paymentId, amount: 300, currency }),
        customer.refunded(4, { paymentId, amount: 200, currency }),
      ];
    });
    const all = [...events, ...events.filter(() => random() < 0.4).map(again)];
    const order = all.map((event) => ({ event, at: random() })).sort((a, b) => a.at - b.at);
    for (let from = 0; from < order.length; ) {
      const batch = order.slice(from, from + 1 + Math.floor(random() * 6)).map(({ event }) => event);
      const when = random() < 0.5 ? 'before' : 'after';
      const { batchItemFailures } = await deliverWith({ redis: dying(() => random() < 0.2, when) }, ...batch);
      // What was reported comes again, now and then with what was done before it.
      from += Math.max(0, batch.length - batchItemFailures.length - (random() < 0.3 ? 1 : 0));
    }
    expect(await customer.balances()).toEqual([
      ['EUR', 3_000, -4_000, 1_000],
      ['JPY', 5_000, -6_000, 1_000],
    ]);
    expect(await customer.check()).toEqual([]);
    expect(await customer.reasons()).toEqual([]);
  });
});

describe('object storage', () => {
  it('that is down is a transient failure: nothing is booked until it comes back', async () => {
    const customer = newCustomer();
    const paid = customer.paid();
    const putNew = () => Promise.reject(new TransientError('OBJECT_STORE_UNAVAILABLE', 'down'));
    expect((await deliverWith({ objects: { ...objects, putNew } }, paid)).batchItemFailures).toHaveLength(1);
    expect(await customer.entries()).toEqual([]);
    expect(await customer.told()).toEqual([]);
    expect(await deliver(paid)).toEqual(DONE);
    expect(await customer.entries()).toHaveLength(1);
  });

  it('gives a Redis that has lost its data the ledger back, before anything is booked on it', async () => {
    const customer = newCustomer();
    const events = [customer.paid(), customer.refunded(1, { amount: 250 })];
    await deliver(...events);
    await redis.del(...(await redis.keys(`*{${customer.customerId}}*`)));
    expect(await customer.state()).toBeUndefined();
    await deliver(customer.refunded(2, { amount: 100 }), ...events, ...events.map(again));
    expect(await customer.balances()).toEqual([['EUR', 900, -1_250, 350]]);
    expect(await customer.check()).toEqual([]);
    expect(await customer.reasons()).toEqual([]);
  });

  it('never has a booking changed: what says otherwise is a dead letter', async () => {
    const customer = newCustomer();
    const paid = customer.paid();
    const key = journalKey(customer.customerId, paid.payload.providerEventId);
    await objects.put(key, '{"amount":1}');
    // Redis does not know the customer: what is in the journal would be its ledger.
    await deliver(customer.created());
    await objects.delete([key]);
    await deliver(customer.created());
    await objects.put(key, '{"amount":1}');
    await deliver(paid);
    expect(await customer.entries()).toEqual([]);
    expect(await customer.reasons()).toEqual([
      `The object ${key} of the journal is not as it was written.`,
      `The journal has booked the provider's event ${paid.payload.providerEventId} otherwise than it is told now.`,
    ]);
  });
});

describe('an erasure', () => {
  it('takes the user away and leaves the money, which leads to nobody', async () => {
    const customer = newCustomer();
    await deliver(customer.created(), customer.paid(), customer.failed(1, { paymentId: 'other' }));
    const stores = { redis, objects, signal: new AbortController().signal };
    const erase = () => Promise.all(PLACES.map((place) => place.erase(customer.userId, stores)));
    expect(await erase()).toEqual([1, 1]);
    expect(await erase()).toEqual([0, 0]);
    expect(await customer.check()).toEqual([]);
    expect(await customer.entries()).toHaveLength(1);
    const left = await customer.dump();
    expect(JSON.stringify(left)).not.toContain(customer.userId);
    const [object = ''] = await objects.list(journalFolder(customer.customerId));
    expect((await objects.get(object))?.toString()).not.toContain(customer.userId);
    // What was scheduled comes all the same, and nobody is told.
    const told = await customer.told();
    const due = { ...customer.dunning(1).payload, paymentId: 'other' };
    expect(await deliver(eventOf('payment.dunning.due', due, { source: 'test' }))).toEqual(DONE);
    expect(await customer.told()).toEqual(told);
  });
});
