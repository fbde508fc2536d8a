import { randomUUID } from 'node:crypto';
import { notificationHandlers, openPorts } from '../../../handlers/notifications/handlers.ts';
import type { Ports } from '../../../handlers/notifications/senders.ts';
import type { Channel } from '../../../lib/catalog/index.ts';
import { closeConnections, createConsumer } from '../../../lib/consumer/index.ts';
import { type EventInputs, type EventOf, eventOf } from '../../../lib/events/index.ts';
import { openSchedule } from '../../../lib/scheduler/index.ts';
import { updatesKey } from '../../../lib/stores/updates.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();

/** An e-mail as the emulator has taken it. */
interface Mail {
  readonly To: readonly string[];
  readonly Source: string;
  readonly Subject: string;
  readonly BodyText: string;
  readonly BodyHtml: string;
}

const json = async <T>(path: string): Promise<T> => {
  const answer = await fetch(`${settings.awsEndpoint}${path}`);
  const body: T = JSON.parse(await answer.text());
  return body;
};

/** The handler on the real stores, broker and emulator, with a clock that can be put forward. */
export const openWorld = (change: (ports: Ports) => Ports = (ports) => ports) => {
  let ahead = 0;
  const ports: Ports = change({ ...openPorts(settings), now: () => Date.now() + ahead });
  const delivery = deliveryTo(
    'notifications',
    (options) => createConsumer('notifications', notificationHandlers(ports), options),
    settings,
  );
  const { connections } = delivery;
  const { redis, objects, publisher } = connections;
  // A schedule of its own: the scheduler of the stack does not know it.
  const schedule = openSchedule(redis, objects, `test-${randomUUID()}`);
  const deliver = (...events: readonly EventOf[]) => delivery.deliverWith({ schedule }, ...events);
  const event = <T extends Parameters<typeof eventOf>[0]>(type: T, payload: EventInputs[T]): EventOf<T> =>
    eventOf(type, payload, { source: 'test' });

  return {
    settings,
    connections,
    reasons: delivery.reasons,
    deliver,
    deliverWith: delivery.deliverWith,
    now: ports.now,
    /** Puts the clock forward, milliseconds. */
    advance: (ms: number) => {
      ahead += ms;
    },
    event,
    /** What was put off: the notifications of a user, with the time at which they come again. */
    putOff: async (userId: string) => {
      const entries = await schedule.due(Number.MAX_SAFE_INTEGER, 1_000);
      const mine = entries.filter(({ key }) => key.startsWith(`notification/${userId}/`));
      return Promise.all(
        mine.map(async ({ dueAt, record }) => ({
          dueAt,
          event: await publisher.codec.decode({ ...record, partition: 0, offset: 0, timestamp: dueAt }),
        })),
      );
    },
    mailsTo: async (address: string): Promise<readonly Mail[]> => {
      const { messages } = await json<{ messages: Record<string, Mail[]> }>('/_ministack/ses/messages');
      return Object.values(messages)
        .flat()
        .filter(({ To }) => To.includes(address));
    },
    smsTo: async (number: string): Promise<readonly string[]> => {
      const query = new URLSearchParams({ phoneNumber: number });
      const { sms_messages: all } = await json<{ sms_messages: Record<string, { Message: string }[]> }>(
        `/_ministack/sns/sms-messages?${query}`,
      );
      return (all[number] ?? []).map(({ Message }) => Message);
    },
    close: () => closeConnections(connections),
  };
};

export type World = ReturnType<typeof openWorld>;

/** A user of a test's own. */
export const newUser = ({ connections: { redis }, event, deliver }: World) => {
  const userId = randomUUID();
  const email = `${userId}@example.com`;
  const phone = `+49170${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
  type Request = EventInputs['notification.requested'];
  return {
    userId,
    email,
    phone,
    prefers: (payload: Omit<EventInputs['notification.preferences.changed'], 'userId'>) =>
      deliver(event('notification.preferences.changed', { userId, ...payload })),
    asked: (channel: Channel | string, more: Partial<Request> = {}) =>
      event('notification.requested', {
        userId,
        channel,
        template: 'milestone',
        data: { qrId: 'qr-1', scans: '1,000' },
        ...more,
      }),
    updates: async (type = 'notification') => {
      const all = await redis.xrange(updatesKey(userId), '-', '+');
      const fields = all.map(([, list]) => ({ type: list[1], data: JSON.parse(list[7] ?? '{}') }));
      return fields.filter((update) => update.type === type).map(({ data }) => data);
    },
  };
};

export const DONE = { batchItemFailures: [] };
