import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { totalKey } from '../../../handlers/analytics-events/keys.ts';
import { notificationHandlers, openPorts } from '../../../handlers/notifications/handlers.ts';
import { preferencesKey, unsubscribedKey } from '../../../handlers/notifications/preferences-state.ts';
import { USER_HANDLERS } from '../../../handlers/user-lifecycle/handlers.ts';
import { readUser } from '../../../handlers/user-lifecycle/user-state.ts';
import { closeConnections, createConsumer, type MskRecord } from '../../../lib/consumer/index.ts';
import { eventOf, newEventId } from '../../../lib/events/index.ts';
import { newPartition } from '../../support/bookkeeping.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { testStack } from '../../support/stack.ts';
import { newCode, newWorld } from '../analytics-events/world.ts';

const { settings } = testStack();
const users = deliveryTo(
  'user-lifecycle',
  (options) => createConsumer('user-lifecycle', USER_HANDLERS, options),
  settings,
);
const notifications = deliveryTo(
  'notifications',
  (options) => createConsumer('notifications', notificationHandlers(openPorts(settings)), options),
  settings,
);
const scans = newWorld();
const { redis } = users.connections;
afterAll(() => Promise.all([users, notifications, scans].map(({ connections }) => closeConnections(connections))));

const DONE = { batchItemFailures: [] };

/** A record as JSON text, which may spell what no encoder of ours would. */
const jsonRecord = (topic: string, key: string, text: string): MskRecord => ({
  topic,
  partition: newPartition(),
  offset: 0,
  timestamp: Date.now(),
  key: Buffer.from(key).toString('base64'),
  value: Buffer.from(text).toString('base64'),
  headers: [{ 'event-id': [...Buffer.from(newEventId())] }],
});

describe('text that is half of a surrogate pair', () => {
  it.each([
    ['at the end', 'Ada \\ud83d', 'Ada \ufffd'],
    ['at the beginning', '\\udc00 Ada', '\ufffd Ada'],
    ['the wrong way round', '\\ude00\\ud83d', '\ufffd\ufffd'],
    ['beside a whole pair', '\\ud83d\\ude00\\ud83d', '\u{1f600}\ufffd'],
  ])('%s is made well-formed, and the record takes effect', async (_, name, kept) => {
    const userId = randomUUID();
    const text = `{"eventType":"user.registered","payload":{"userId":"${userId}","email":"ada@example.com","name":"${name}"}}`;
    const record = jsonRecord('user-lifecycle', userId, text);
    for (let i = 0; i < 2; i++) expect(await users.deliverBatch([record])).toEqual(DONE);
    expect(await readUser(redis, userId)).toMatchObject({ name: kept });
  });

  it('as the name of a field, or within what is nested, does no harm', async () => {
    const userId = randomUUID();
    const text = `{"eventType":"user.registered","payload":{"userId":"${userId}","email":"ada@example.com","\\ud800":{"a":["\\udfff"]}}}`;
    expect(await users.deliverBatch([jsonRecord('user-lifecycle', userId, text)])).toEqual(DONE);
  });
});

describe('a list of any length', () => {
  it('takes effect: 9,000 wishes', async () => {
    const userId = randomUUID();
    const wishes = Array.from({ length: 9_000 }, () => ['email:*', 'sms:*', 'billing', 'email:teams'])
      .flat()
      .slice(0, 9_000);
    const payload = { userId, email: 'ada@example.com', unsubscribed: wishes };
    const event = eventOf('notification.preferences.changed', payload, { source: 'test' });
    expect(await notifications.deliver(event)).toEqual(DONE);
    expect(new Set(await redis.smembers(unsubscribedKey(userId)))).toEqual(new Set(wishes));
    expect(await redis.hget(preferencesKey(userId), 'email')).toBe('ada@example.com');
  });
});

describe('a write that Redis refuses', () => {
  it('is a dead letter with Redis’s words and no effect; redriven once that is mended it takes effect', async () => {
    const userId = randomUUID();
    await redis.set(preferencesKey(userId), 'not a hash');
    const payload = { userId, email: 'ada@example.com' };
    const event = eventOf('notification.preferences.changed', payload, { source: 'test' });
    const [record] = await notifications.batchOf(event);
    if (record === undefined) throw new Error('a record');
    for (let i = 0; i < 2; i++) expect(await notifications.deliverBatch([record])).toEqual(DONE);
    expect(await notifications.reasons(userId)).toEqual([
      'Redis refuses the write: WRONGTYPE Operation against a key holding the wrong kind of value',
    ]);
    await redis.del(preferencesKey(userId));
    const redriven: MskRecord = {
      ...record,
      offset: record.offset + 100,
      headers: [
        ...(record.headers ?? []),
        { 'dlq-redrive-count': [...Buffer.from('1')] },
        { 'dlq-redrive-of': [...Buffer.from(`notifications-${record.partition}-${record.offset}`)] },
      ],
    };
    for (let i = 0; i < 2; i++) expect(await notifications.deliverBatch([redriven])).toEqual(DONE);
    expect(await redis.hget(preferencesKey(userId), 'email')).toBe('ada@example.com');
  });

  it('concerns its own owner only where a batch is counted together', async () => {
    const [broken, sound] = [newCode(), newCode()];
    await redis.set(totalKey(broken.code), 'not a hash');
    expect(await scans.deliver(broken.scan(), sound.scan(), broken.scan())).toEqual(DONE);
    expect(await scans.reasons(broken.qrId)).toHaveLength(2);
    expect(await redis.hget(totalKey(sound.code), 'scans')).toBe('1');
    expect(await redis.hget(totalKey(sound.user), 'scans')).toBe('1');
  });
});
