import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { type Subject, totalKey } from '../../../handlers/analytics-events/keys.ts';
import { USER_HANDLERS } from '../../../handlers/user-lifecycle/handlers.ts';
import { readUser } from '../../../handlers/user-lifecycle/user-state.ts';
import { topic } from '../../../lib/catalog/index.ts';
import { closeConnections, createConsumer, type MskRecord } from '../../../lib/consumer/index.ts';
import { type AnyEvent, eventOf, letterId, REDRIVE_HEADER } from '../../../lib/events/index.ts';
import { entryFor, statusesOf, statusesOfRecords, tagOf } from '../../../lib/idempotency/index.ts';
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
const scans = newWorld();
const { redis, publisher } = users.connections;
afterAll(() => Promise.all([users, scans].map(({ connections }) => closeConnections(connections))));

const DONE = { batchItemFailures: [] };

/** An event in a record with this key, on a partition of its own unless said. */
const recordOf = async (
  name: string,
  event: AnyEvent,
  key: string | null,
  {
    partition = newPartition(),
    offset = 0,
    headers = {},
  }: { partition?: number; offset?: number; headers?: object } = {},
): Promise<MskRecord> => ({
  ...{ topic: name, partition, offset, timestamp: Date.now() },
  ...(key === null ? {} : { key: Buffer.from(key).toString('base64') }),
  value: (await publisher.codec.encode(event)).toString('base64'),
  headers: Object.entries(headers).map(([header, value]) => ({ [header]: [...Buffer.from(String(value))] })),
});

const registration = (userId: string, name: string) =>
  eventOf('user.registered', { userId, email: `${userId}@example.com`, name }, { source: 'test' });

const counted = (subject: Subject) => redis.hget(totalKey(subject), 'scans');

describe('an event', () => {
  it.each([
    ['without a key, in two partitions', null, null],
    ['with an empty key and without one', '', null],
    ['under two keys, neither by the rule', 'one', 'other'],
    ['with the key of the rule and without one', 'code', null],
  ])('published twice %s takes effect once', async (_, first, second) => {
    const { qrId, code, user, scan } = newCode();
    const event = scan();
    for (const key of [first, second, first]) {
      const record = await recordOf('analytics-events', event, key === 'code' ? qrId : key);
      expect(await scans.deliverBatch([record])).toEqual(DONE);
    }
    expect([await counted(code), await counted(user)]).toEqual(['1', '1']);
  });

  it('that is in one batch several times, in one partition and in others, takes effect once at each owner', async () => {
    const { code, user, scan } = newCode();
    const event = scan();
    const places = [newPartition(), newPartition(), newPartition()].flatMap((partition) => [
      { partition, offset: 0 },
      { partition, offset: 1 },
    ]);
    const batch = await Promise.all(places.map((place) => recordOf('analytics-events', event, null, place)));
    for (let i = 0; i < 2; i += 1) expect(await scans.deliverBatch(batch)).toEqual(DONE);
    expect([await counted(code), await counted(user)]).toEqual(['1', '1']);
  });

  it('without a key changes the state of the one it is about, and nobody else’s', async () => {
    const [ada, bob] = [randomUUID(), randomUUID()];
    const partition = newPartition();
    const batch = await Promise.all([
      recordOf('user-lifecycle', registration(ada, 'Ada'), null, { partition, offset: 0 }),
      recordOf('user-lifecycle', registration(bob, 'Bob'), null, { partition, offset: 1 }),
    ]);
    expect(await users.deliverBatch(batch)).toEqual(DONE);
    expect(await readUser(redis, ada)).toMatchObject({ name: 'Ada' });
    expect(await readUser(redis, bob)).toMatchObject({ name: 'Bob' });
  });

  it('of many for one owner, none with a key, is handled in their order', async () => {
    const userId = randomUUID();
    const partition = newPartition();
    const batch = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        recordOf('user-lifecycle', registration(userId, `Name ${i}`), null, { partition, offset: i }),
      ),
    );
    const seen: string[] = [];
    const inOrder = deliveryTo(
      'user-lifecycle',
      (options) =>
        createConsumer(
          'user-lifecycle',
          {
            ...USER_HANDLERS,
            'user.registered': ({ payload: { name } }, { tag }) => {
              seen.push(name ?? '');
              return { writes: [['SET', `test:order:${tag}`, name ?? '']] };
            },
          },
          options,
        ),
      settings,
    );
    expect(await inOrder.deliverBatch(batch)).toEqual(DONE);
    await closeConnections(inOrder.connections);
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => `Name ${i}`));
  });
});

describe('a record that could not be read when it was dead-lettered', () => {
  it('is settled with the one that was put back, for both of its owners', async () => {
    const userId = randomUUID();
    const [partition, consumed] = [newPartition(), topic('user-lifecycle')];
    const event = registration(userId, 'Ada');
    const good = await recordOf('user-lifecycle', event, 'another', { partition });
    const unreadable: MskRecord = { ...good, value: Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1]).toString('base64') };
    expect(await users.deliverBatch([unreadable])).toEqual(DONE);
    const key = Buffer.from('another');
    const place = { topic: consumed.name, partition, offset: 0 };
    const before = { ...place, tag: tagOf({ ...place, key }, undefined) };
    expect(await statusesOfRecords(redis, [before])).toEqual(['dead']);

    // Its schema is known now: it is put back, and takes effect.
    const headers = { [REDRIVE_HEADER.of]: letterId(consumed.name, partition, 0, 0) };
    const back = await recordOf('user-lifecycle', event, 'another', { partition, offset: 9, headers });
    expect(await users.deliverBatch([back])).toEqual(DONE);
    expect(await readUser(redis, userId)).toMatchObject({ name: 'Ada' });
    expect(await statusesOfRecords(redis, [before])).toEqual(['applied']);

    // A replay of the first one, when its event id is no longer remembered.
    const first = await entryFor(redis, { ...place, tag: tagOf({ ...place, key }, event) });
    expect(await statusesOf(redis, consumed, [first])).toMatchObject([{ status: 'applied' }]);
  });
});
