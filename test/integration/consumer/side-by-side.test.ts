import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { checkCustomer, readEntries } from '../../../handlers/payment-events/customer-state.ts';
import { paymentHandlers } from '../../../handlers/payment-events/handlers.ts';
import { USER_HANDLERS } from '../../../handlers/user-lifecycle/handlers.ts';
import { closeConnections, createConsumer } from '../../../lib/consumer/index.ts';
import { eventOf } from '../../../lib/events/index.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
/** What every handler of the test waits for once it has read. */
let haveRead: (() => Promise<void>) | undefined;
const users = deliveryTo(
  'user-lifecycle',
  (options) =>
    createConsumer(
      'user-lifecycle',
      {
        ...USER_HANDLERS,
        'user.registered': async (_event, { redis, tag }) => {
          const key = `test:sum:${tag}`;
          const before = Number((await redis.get(key)) ?? 0);
          await haveRead?.();
          return { writes: [['SET', key, before + 1]] };
        },
      },
      options,
    ),
  settings,
);
const payments = deliveryTo(
  'payment-events',
  (options) => createConsumer('payment-events', paymentHandlers(), options),
  settings,
);
afterAll(() => Promise.all([users, payments].map(({ connections }) => closeConnections(connections))));

/** Resolves for all once `count` have come; those that come later need not wait. */
const meeting = (count: number): (() => Promise<void>) => {
  let come = 0;
  let open = (): void => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    come += 1;
    if (come >= count) open();
    return all;
  };
};

const paidBy = (customerId: string, number: number) =>
  eventOf(
    'payment.succeeded',
    {
      ...{ customerId, userId: `user-of-${customerId}`, paymentId: `${customerId}-${number}` },
      ...{ providerEventId: `evt-${customerId}-${number}`, createdAt: new Date().toISOString() },
      ...{ amount: 100 * number, currency: 'EUR', description: '' },
    },
    { source: 'test' },
  );

describe('two invocations at one partition, side by side', () => {
  it('lose nothing of what each has read and written: the one that was overtaken handles its record again', async () => {
    const userId = randomUUID();
    const register = () => eventOf('user.registered', { userId, email: 'ada@example.com' }, { source: 'test' });
    const batch = await users.batchOf(register(), register(), register());
    haveRead = meeting(3);
    await Promise.all(batch.map((record) => users.deliverBatch([record])));
    expect(await users.connections.redis.get(`test:sum:{${userId}}`)).toBe('3');
    haveRead = undefined;
  });

  it('do not restore a customer from the journal whose first payment the other one is booking', async () => {
    const { objects, redis } = payments.connections;
    const customerId = `cus-${randomUUID()}`;
    const batch = await payments.batchOf(paidBy(customerId, 1));
    let isOvertaken = false;
    await payments.deliverBatch(batch, {
      objects: {
        ...objects,
        // Redis knew nothing of the customer a moment ago.
        list: async (prefix) => {
          if (!isOvertaken) await payments.deliverBatch(batch);
          isOvertaken = true;
          return objects.list(prefix);
        },
      },
    });
    expect(isOvertaken).toBe(true);
    expect(await checkCustomer(payments.connections, customerId)).toEqual([]);
    expect(await readEntries(redis, customerId)).toHaveLength(1);
  });

  it('book each payment of a new customer once, whatever either has put into the journal already', async () => {
    const customers = await Promise.all(
      Array.from({ length: 15 }, async () => {
        const customerId = `cus-${randomUUID()}`;
        const paid = (number: number) => paidBy(customerId, number);
        const batch = await payments.batchOf(paid(1), paid(2), paid(3), paid(4));
        const cuts = [batch, batch.slice(1), batch.slice(0, 2), batch.slice(2)];
        await Promise.all(cuts.map((cut) => payments.deliverBatch(cut)));
        await payments.deliverBatch(batch);
        return customerId;
      }),
    );
    for (const customerId of customers) {
      expect(await checkCustomer(payments.connections, customerId)).toEqual([]);
      expect(await readEntries(payments.connections.redis, customerId)).toHaveLength(4);
    }
  });
});
