import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { readEntitlements } from '../../../lib/stores/entitlements.ts';
import { testStack } from '../../support/stack.ts';
import { day, openWorld } from './world.ts';

const world = openWorld(testStack().settings);
const { deliver, newCustomer, setDay } = world;
const { redis } = world.connections;
afterAll(() => closeConnections(world.connections));
beforeEach(() => setDay(0));

describe('a subscription', () => {
  it('gives its plan and seats at once', async () => {
    const customer = newCustomer();
    await deliver(customer.created(0, { seats: 3 }));
    expect(await readEntitlements(redis, customer.userId)).toMatchObject({ plan: 'pro', seats: 3, batchItems: 25_000 });
    await deliver(customer.updated(1, { plan: 'business' }));
    expect(await readEntitlements(redis, customer.userId)).toMatchObject({ plan: 'business', seats: 25 });
    expect(await customer.audited()).toEqual(['subscription.created', 'subscription.updated']);
  });

  it('is not rolled back by an event that comes too late', async () => {
    const customer = newCustomer();
    const [created, updated, cancelled] = [
      customer.created(0),
      customer.updated(1, { plan: 'business' }),
      customer.cancelled(2, { plan: 'business', endsAt: day(9) }),
    ];
    await deliver(cancelled, updated, created);
    expect((await customer.state())?.subscriptions).toMatchObject([
      { plan: 'business', endsAt: day(9), since: day(0) },
    ]);
    expect(await customer.plan()).toBe('business');
    expect(await customer.audited()).toEqual([
      'subscription.cancelled',
      'subscription.updated.stale',
      'subscription.created.stale',
    ]);
  });

  it('that was cancelled ends in its time, and the user is told', async () => {
    const customer = newCustomer();
    await deliver(customer.created(0), customer.cancelled(1, { endsAt: day(9) }));
    expect(await customer.plan()).toBe('pro');
    const [due] = await customer.scheduled();
    if (due === undefined) throw new Error('nothing is scheduled');
    expect(due).toMatchObject({ eventType: 'subscription.ended.due', timestamp: day(9), payload: { endsAt: day(9) } });
    // The function's clock may be behind that of the scheduler.
    setDay(8.999);
    await deliver(due);
    expect(await customer.plan()).toBe('free');
    expect(await customer.told()).toEqual(['in-app plan-ended', 'email plan-ended']);
  });

  it('that is taken up again does not end, even if its end is published all the same', async () => {
    const customer = newCustomer();
    await deliver(customer.created(0), customer.cancelled(1, { endsAt: day(9) }));
    const [due] = await customer.scheduled();
    await deliver(customer.updated(2));
    expect(await customer.scheduled()).toEqual([]);
    setDay(9);
    if (due !== undefined) await deliver(due);
    expect(await customer.plan()).toBe('pro');
    expect(await customer.told()).toEqual([]);
  });

  it('without an end ends at once', async () => {
    const customer = newCustomer();
    await deliver(customer.created(0), customer.cancelled(0, { createdAt: day(0) }));
    expect(await customer.plan()).toBe('free');
    expect(await customer.told()).toEqual(['in-app plan-ended', 'email plan-ended']);
  });

  it('of a plan that nobody knows is a dead letter that names the plans', async () => {
    const customer = newCustomer();
    await deliver(
      customer.created(0, { plan: 'gold' }),
      customer.updated(1, { status: 'asleep' }),
      customer.cancelled(1, { endsAt: 'soon' }),
      customer.created(2),
    );
    expect(await customer.reasons()).toEqual([
      expect.stringContaining('is to the plan "gold"; there are free, pro, business, enterprise.'),
      expect.stringContaining('has the status "asleep"; known are trialing, active'),
      'endsAt must be a time since 1970 in ISO 8601 with its zone, not "soon".',
    ]);
    expect(await customer.plan()).toBe('pro');
  });
});

describe('a payment that fails', () => {
  it('is followed by three reminders, then the plan is gone; paid later, it is back', async () => {
    const customer = newCustomer();
    await deliver(customer.created(-30), customer.failed(0));
    const steps = await customer.scheduled();
    expect(steps.map(({ timestamp }) => timestamp)).toEqual([day(1), day(3), day(7)]);
    for (const [i, step] of steps.entries()) {
      setDay([1, 3, 7][i] ?? 0);
      expect(await customer.plan()).toBe('pro');
      await deliver(step);
    }
    expect(await customer.plan()).toBe('free');
    const reminders = Array.from({ length: 3 }, () => ['in-app payment-failed', 'email payment-failed']).flat();
    expect(await customer.told()).toEqual([...reminders, 'in-app plan-ended', 'email plan-ended']);
    setDay(10);
    await deliver(customer.paid(10));
    expect(await customer.plan()).toBe('pro');
    expect(await customer.balances()).toEqual([['EUR', 1_250, -1_250, 0]]);
  });

  it('and is paid in time has its reminders cancelled, and one that comes all the same says nothing', async () => {
    const customer = newCustomer();
    await deliver(customer.created(-30), customer.failed(0));
    const steps = await customer.scheduled();
    await deliver(customer.paid(1));
    expect(await customer.scheduled()).toEqual([]);
    setDay(7);
    await deliver(...steps);
    expect(await customer.plan()).toBe('pro');
    expect(await customer.told()).toEqual([
      'in-app payment-failed',
      'email payment-failed',
      'in-app receipt',
      'email receipt',
    ]);
  });

  it('of which nothing is known is no reason to remind anybody', async () => {
    const customer = newCustomer();
    await deliver(customer.dunning(1));
    expect(await customer.reasons()).toEqual([expect.stringContaining('no failure of it is known')]);
  });
});

describe('a user whom two customers pay for', () => {
  it('has the better plan, whichever changes last, and is told of an end only when nothing is left', async () => {
    const one = newCustomer();
    const two = newCustomer(one.userId);
    await deliver(one.created(0, { plan: 'business' }), two.created(1));
    expect(await one.plan()).toBe('business');
    await deliver(two.updated(2, { seats: 6 }));
    expect(await one.plan()).toBe('business');
    setDay(4);
    await deliver(one.cancelled(3));
    expect(await one.plan()).toBe('pro');
    expect(await one.told()).toEqual([]);
    await deliver(two.cancelled(4));
    expect(await one.plan()).toBe('free');
    expect(await one.told()).toEqual(['in-app plan-ended', 'email plan-ended']);
  });
});
