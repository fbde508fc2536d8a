import { randomUUID } from 'node:crypto';
import { checkCustomer, readCustomer, readEntries } from '../../../handlers/payment-events/customer-state.ts';
import { paymentHandlers } from '../../../handlers/payment-events/handlers.ts';
import { type BatchResponse, type Connections, createConsumer } from '../../../lib/consumer/index.ts';
import { type EventInputs, type EventOf, eventOf } from '../../../lib/events/index.ts';
import { readTopic } from '../../../lib/operations/reader.ts';
import { openSchedule } from '../../../lib/scheduler/index.ts';
import type { Settings } from '../../../lib/settings.ts';
import { readEntitlements } from '../../../lib/stores/entitlements.ts';
import { isBookkeeping } from '../../support/bookkeeping.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { contentOf } from '../../support/redis-content.ts';

type PaymentHandlers = ReturnType<typeof paymentHandlers>;
type Type = keyof PaymentHandlers;

/** When these tests take place: far from now, so that nothing depends on the day they run. */
export const START = Date.parse('2031-01-01T00:00:00Z');
export const DAY = 86_400_000;
/** `days` after the start, ISO 8601. */
export const day = (days: number): string => new Date(START + days * DAY).toISOString();

/** The consumer of payment events on the real stores and broker, with a clock and a schedule of its own. */
export const openWorld = (settings: Settings) => {
  let now = START;
  const { connections, deliverWith, reasons } = deliveryTo(
    'payment-events',
    (options) =>
      createConsumer(
        'payment-events',
        paymentHandlers(() => now),
        options,
      ),
    settings,
  );
  const { redis, objects, publisher } = connections;
  const schedule = openSchedule(redis, objects, `payments-${randomUUID()}`);
  const deliver = (...events: readonly EventOf[]): Promise<BatchResponse> => deliverWith({ schedule }, ...events);

  /** Everything Redis has under the hash tags of these owners, but for marks. */
  const dump = async (...owners: readonly string[]) => {
    const found: Record<string, unknown> = {};
    for (const owner of owners) {
      for (const key of (await redis.keys(`*{${owner}}*`)).filter((name) => !isBookkeeping(name))) {
        // The notifications function of the test stack keeps what it has told; that is another place.
        if (!/^notify:/.test(key)) found[key] = await contentOf(redis, key);
      }
    }
    return found;
  };

  /** Events with this key on another topic, each id once. */
  const published = async (topic: string, key: string): Promise<readonly EventOf[]> => {
    const events = new Map<string, EventOf>();
    await readTopic(settings, topic, { from: 'beginning', untilEnd: true }, async (record) => {
      if (record.key?.toString() !== key) return;
      const event = await publisher.codec.decode({ ...record });
      events.set(event.eventId, event);
    });
    return [...events.values()];
  };

  /** A customer nobody else has. */
  const newCustomer = (userId = `user-${randomUUID()}`) => {
    const customerId = `cus-${randomUUID()}`;
    let count = 0;
    const event = <T extends Type>(type: T, payload: EventInputs[T]) => eventOf(type, payload, { source: 'test' });
    /** What every event of the provider has; each call is another of its events. */
    const provided = (days: number) => {
      count += 1;
      return { customerId, userId, providerEventId: `evt-${customerId}-${count}`, createdAt: day(days) };
    };
    const money = { paymentId: `pay-${customerId}`, amount: 1_250, currency: 'EUR' };
    const subscription = { subscriptionId: `sub-${customerId}`, plan: 'pro' };
    return {
      customerId,
      userId,
      paid: (days = 0, more: Partial<EventInputs['payment.succeeded']> = {}) =>
        event('payment.succeeded', { ...provided(days), ...money, description: 'Pro, monthly', ...more }),
      failed: (days = 0, more: Partial<EventInputs['payment.failed']> = {}) =>
        event('payment.failed', { ...provided(days), ...money, failureMessage: 'Your card was declined.', ...more }),
      refunded: (days = 0, more: Partial<EventInputs['payment.refunded']> = {}) =>
        event('payment.refunded', { ...provided(days), ...money, refundId: `ref-${customerId}-${count}`, ...more }),
      dunning: (step: number) => event('payment.dunning.due', { customerId, userId, ...money, step }),
      created: (days = 0, more: Partial<EventInputs['subscription.created']> = {}) =>
        event('subscription.created', { ...provided(days), ...subscription, ...more }),
      updated: (days = 0, more: Partial<EventInputs['subscription.updated']> = {}) =>
        event('subscription.updated', { ...provided(days), ...subscription, ...more }),
      cancelled: (days = 0, more: Partial<EventInputs['subscription.cancelled']> = {}) =>
        event('subscription.cancelled', { ...provided(days), ...subscription, ...more }),
      ended: (endsAt: string) =>
        event('subscription.ended.due', {
          customerId,
          userId,
          subscriptionId: subscription.subscriptionId,
          endsAt,
        }),
      state: () => readCustomer(redis, customerId),
      entries: () => readEntries(redis, customerId),
      check: () => checkCustomer({ redis, objects }, customerId),
      plan: async () => (await readEntitlements(redis, userId))?.plan,
      balances: async () =>
        (await readCustomer(redis, customerId))?.balances.map(({ currency, accounts }) => [
          currency,
          ...accounts.map(({ minor }) => Number(minor)),
        ]),
      /** What is scheduled: due time and event, in order. */
      scheduled: async () => {
        const entries = await schedule.due(START + 1_000 * DAY, 1_000);
        const mine = entries.filter(({ key }) => key.includes(customerId));
        return Promise.all(
          mine.map(({ record }) => publisher.codec.decode({ ...record, partition: 0, offset: 0, timestamp: 0 })),
        );
      },
      /** Channel and template of the notifications the user got. */
      told: async () =>
        (await published('notifications', userId)).flatMap(({ payload }) =>
          'template' in payload && 'channel' in payload ? [`${payload.channel} ${payload.template}`] : [],
        ),
      /** Actions of the audit records. */
      audited: async () =>
        (await published('audit-logs', customerId)).flatMap(({ payload }) =>
          'action' in payload ? [payload.action] : [],
        ),
      reasons: () => reasons(customerId),
      dump: () => dump(customerId, userId),
    };
  };

  return {
    connections: { ...connections, schedule },
    deliver,
    deliverWith: (others: Partial<Connections>, ...events: readonly EventOf[]) =>
      deliverWith({ schedule, ...others }, ...events),
    newCustomer,
    published,
    /** Sets the clock, days after the start. */
    setDay: (days: number) => {
      now = START + days * DAY;
    },
  };
};
