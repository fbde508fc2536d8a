import { describe, expect, it } from 'vitest';
import { newCustomer } from '../../../handlers/payment-events/customer.ts';
import { entitlementOf } from '../../../handlers/payment-events/entitlement.ts';
import { historyOf, NOW, type Told, told, WHO } from './history.ts';

const DAY = 86_400_000;
const day = (days: number) => new Date(NOW + days * DAY).toISOString();

/** All orders of a list. */
const permutations = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, i) => permutations(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));

const payload = (providerEventId: string, days: number, plan: string, subscriptionId = 'sub') => ({
  ...WHO,
  providerEventId,
  createdAt: day(days),
  subscriptionId,
  plan,
});

const plan = (events: readonly Told[], at = NOW, userId = 'u') =>
  entitlementOf(historyOf(events, at).customer, userId, at);

describe('a subscription', () => {
  it('comes to the same state in every order of its events, each delivered once or twice', () => {
    const events = [
      told('subscription.created', payload('1', -50, 'pro')),
      told('subscription.updated', { ...payload('2', -40, 'business'), seats: 30 }),
      told('subscription.cancelled', { ...payload('3', -30, 'business'), endsAt: day(5) }),
      // At the same instant: the ids decide.
      told('subscription.updated', payload('4', -20, 'pro')),
      told('subscription.updated', { ...payload('5', -20, 'enterprise'), seats: 7 }),
    ];
    const states = permutations(events).map((order) => historyOf([...order, ...order.slice(0, 2)]).customer);
    for (const { subscriptions } of states) expect(subscriptions).toEqual(states[0]?.subscriptions);
    expect(states[0]?.subscriptions.get('sub')).toMatchObject({
      plan: 'enterprise',
      seats: 7,
      endsAt: null,
      since: day(-50),
    });
  });

  it('that was changed by an older event is left as it is, and the event goes into the audit log', () => {
    const newer = told('subscription.updated', payload('2', -1, 'business'));
    const older = told('subscription.updated', payload('1', -2, 'pro'));
    const { customer } = historyOf([told('subscription.created', payload('0', -3, 'pro')), newer]);
    const decision = older.decide(customer, NOW);
    expect(decision?.change).toEqual({});
    expect(decision).not.toHaveProperty('unschedule');
    expect(decision?.events).toMatchObject([
      { type: 'audit.recorded', payload: { action: 'subscription.updated.stale', resource: 'subscription/sub' } },
    ]);
  });

  it('of a plan or in a state that nobody knows can never be worked', () => {
    const unknown = told('subscription.created', payload('1', -1, 'gold'));
    expect(() => unknown.decide(newCustomer('c'), NOW)).toThrow(
      'Subscription sub is to the plan "gold"; there are free, pro, business, enterprise.',
    );
    const strange = told('subscription.updated', { ...payload('1', -1, 'pro'), status: 'asleep' });
    expect(() => strange.decide(newCustomer('c'), NOW)).toThrow('Subscription sub has the status "asleep"; known are');
    const empty = told('subscription.updated', { ...payload('1', -1, 'pro'), seats: 0 });
    expect(() => empty.decide(newCustomer('c'), NOW)).toThrow('at least one seat');
  });
});

describe('an entitlement', () => {
  const created = told('subscription.created', payload('1', -50, 'pro'));

  it('is the free plan without a subscription, and for everybody else', () => {
    expect(plan([])).toEqual({ plan: 'free', seats: 1 });
    expect(plan([created], NOW, 'another')).toEqual({ plan: 'free', seats: 1 });
  });

  it.each([
    ['active', 'pro'],
    ['trialing', 'pro'],
    ['past_due', 'pro'],
    ['unpaid', 'free'],
    ['incomplete', 'free'],
    ['paused', 'free'],
  ])('of a subscription that is %s is the plan %s', (status, expected) => {
    expect(plan([told('subscription.updated', { ...payload('1', -1, 'pro'), status })]).plan).toBe(expected);
  });

  it('lasts to the end of a cancelled subscription, to the millisecond', () => {
    const cancelled = told('subscription.cancelled', {
      ...payload('2', -1, 'pro'),
      status: 'canceled',
      endsAt: day(5),
    });
    expect(plan([created, cancelled], NOW + 5 * DAY - 1).plan).toBe('pro');
    expect(plan([created, cancelled], NOW + 5 * DAY).plan).toBe('free');
    expect(plan([created, told('subscription.cancelled', payload('2', -1, 'pro'))]).plan).toBe('free');
  });

  it('is the best of several subscriptions', () => {
    const others = [
      told('subscription.created', payload('2', -40, 'enterprise', 'two')),
      told('subscription.created', { ...payload('3', -30, 'business', 'three'), seats: 2_000 }),
    ];
    for (const order of permutations([created, ...others])) expect(plan(order).plan).toBe('enterprise');
    expect(plan([created, told('subscription.created', { ...payload('2', -1, 'pro', 'two'), seats: 9 })]).seats).toBe(
      9,
    );
  });

  it('is gone after the last dunning step, back when the payment is made, and not touched for a later subscription', () => {
    const money = { ...WHO, paymentId: 'p', amount: 900, currency: 'EUR' };
    const failed = told('payment.failed', { ...money, providerEventId: 'f', createdAt: day(-8) });
    const step = (number: number) => told('payment.dunning.due', { ...money, step: number });
    const paid = told('payment.succeeded', { ...money, providerEventId: 's', createdAt: day(-1) });
    expect(plan([created, failed, step(1), step(2)]).plan).toBe('pro');
    expect(plan([created, failed, step(1), step(2), step(3)]).plan).toBe('free');
    expect(plan([created, failed, step(3), paid]).plan).toBe('pro');
    expect(plan([created, failed, paid, step(3)]).plan).toBe('pro');
    const again = told('subscription.created', payload('9', -1, 'business', 'again'));
    expect(plan([created, failed, step(3), again]).plan).toBe('business');
  });
});

describe('dunning', () => {
  const money = { ...WHO, paymentId: 'p', amount: 900, currency: 'EUR' };
  const failed = told('payment.failed', { ...money, providerEventId: 'f', createdAt: day(-1) });
  const step = (number: number) => told('payment.dunning.due', { ...money, step: number });
  const decided = (events: readonly Told[], next: Told, now = NOW) => next.decide(historyOf(events, now).customer, now);

  it('reminds 1, 3 and 7 days after the first failure, and takes each step once', () => {
    const decision = failed.decide(newCustomer('c'), NOW);
    expect(decision?.schedule?.map(({ at }) => at)).toEqual([day(0), day(2), day(6)]);
    const second = told('payment.failed', { ...money, providerEventId: 'f2', createdAt: day(0) });
    expect(decided([failed], second)?.schedule).toEqual([]);
    const earlier = told('payment.failed', { ...money, providerEventId: 'f0', createdAt: day(-2) });
    expect(decided([failed], earlier)?.schedule?.map(({ at }) => at)).toEqual([day(-1), day(1), day(5)]);
    expect(decided([failed, step(1)], step(1))).toBeUndefined();
  });

  it('says nothing of a step when the next one is due as well', () => {
    const templates = (now: number) =>
      decided([failed], step(1), now)?.events.flatMap((each) =>
        'template' in each.payload ? [each.payload.template] : [],
      );
    expect(templates(NOW)).toEqual(['payment-failed', 'payment-failed']);
    expect(templates(NOW + 3 * DAY)).toEqual([]);
  });

  it('of a payment whose failure nobody knows, or of a fourth step, can never be worked', () => {
    expect(() => decided([], step(1))).toThrow('no failure of it is known');
    expect(() => decided([failed], step(4))).toThrow('there are 3 steps');
  });
});

describe('a payment', () => {
  const money = { ...WHO, paymentId: 'p', amount: 900, currency: 'EUR' };
  const paid = told('payment.succeeded', { ...money, providerEventId: 's', createdAt: day(-2) });
  const refund = (id: string, amount: number, currency = 'EUR') =>
    told('payment.refunded', {
      ...money,
      refundId: id,
      providerEventId: `e-${id}`,
      createdAt: day(-1),
      amount,
      currency,
    });
  const decided = (events: readonly Told[], next: Told) => next.decide(historyOf(events).customer, NOW);

  it('that was made does not fail any more', () => {
    const late = told('payment.failed', { ...money, providerEventId: 'f', createdAt: day(0) });
    expect(decided([paid], late)?.change).toEqual({});
    expect(historyOf([late, paid]).customer.payments.get('p')?.status).toBe('paid');
  });

  it('cannot be made twice: the same is nothing new, another amount is refused', () => {
    const again = (amount: number) =>
      told('payment.succeeded', { ...money, amount, providerEventId: 's2', createdAt: day(0) });
    expect(decided([paid], again(900))?.change).toEqual({});
    expect(() => decided([paid], again(901))).toThrow('Payment p was booked with €9.00; the event says €9.01.');
  });

  it('is not refunded beyond what is left of it, nor in another currency, nor twice by the same refund', () => {
    expect(() => decided([paid, refund('a', 500)], refund('b', 401))).toThrow(
      'Refund b of €4.01 is more than the €4.00 left of payment p.',
    );
    expect(() => decided([paid], refund('a', 1, 'USD'))).toThrow('Refund a is in USD; payment p was made in EUR.');
    const repeat = told('payment.refunded', {
      ...money,
      amount: 500,
      refundId: 'a',
      providerEventId: 'other',
      createdAt: day(0),
    });
    expect(decided([paid, refund('a', 500)], repeat)?.change).toEqual({});
  });

  it('gets the refunds that came before it, as far as they fit', () => {
    const { customer, entries } = historyOf([refund('a', 500), refund('b', 600), refund('c', 1, 'USD'), paid]);
    expect(entries.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['payment', 900],
      ['refund', 500],
    ]);
    expect(customer.payments.get('p')).toMatchObject({ held: [], refunds: [{ refundId: 'a' }] });
    const actions = decided([refund('b', 901)], paid)?.events.flatMap((each) =>
      'action' in each.payload ? [each.payload.action] : [],
    );
    expect(actions).toEqual(['payment.succeeded', 'payment.refund.refused']);
  });
});
