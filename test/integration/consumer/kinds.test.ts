import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { type TopicName, topic } from '../../../lib/catalog/index.ts';
import {
  closeConnections,
  createConsumer,
  createPartitionConsumer,
  createRecordConsumer,
  type Effect,
  ignore,
  type MskEvent,
  openConnections,
} from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { eventOf } from '../../../lib/events/index.ts';
import { newPartition } from '../../support/bookkeeping.ts';
import { contextFor } from '../../support/delivery.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const connections = openConnections(topic('analytics-events'), settings);
const { redis, publisher, schedule } = connections;
const connect = () => connections;
afterAll(() => closeConnections(connections));

const context = contextFor('test');

/** A batch of one partition; offsets are drawn from where no other test has any. */
const batchOf = (name: TopicName, values: readonly Buffer[], key: string, type = ''): MskEvent => {
  const [partition, first] = [newPartition(), Math.floor(Math.random() * 1e6)];
  return {
    records: {
      [`${name}-${partition}`]: values.map((value, i) => ({
        topic: name,
        partition,
        offset: first + i,
        timestamp: Date.now(),
        key: Buffer.from(key).toString('base64'),
        value: value.toString('base64'),
        headers: [{ 'event-type': [...Buffer.from(type)] }],
      })),
    },
  };
};

const scan = (qrId: string) =>
  publisher.codec.encode(eventOf('qr.scanned', { qrId, userId: 'user-1', action: 'scan' }, { source: 'test' }));
const audit = (actor: string) =>
  publisher.codec.encode(
    eventOf('audit.recorded', { actor, action: 'a', resource: 'r', at: new Date().toISOString() }, { source: 'test' }),
  );

describe('a partition consumer', () => {
  it('works the events of a partition together, one that is there twice once, and buries what it cannot decode', async () => {
    const [key, calls] = [randomUUID(), [] as number[][]];
    const consume = createPartitionConsumer(
      'audit-logs',
      async (events) => void calls.push(events.map(({ record }) => record.offset)),
      { connect },
    );
    const twice = await audit(key);
    const batch = batchOf('audit-logs', [twice, Buffer.from('no event'), twice, await audit(key)], key);
    const offsets = Object.values(batch.records)
      .flat()
      .map(({ offset }) => offset);
    for (let i = 0; i < 2; i++) expect(await consume(batch, context)).toEqual({ batchItemFailures: [] });
    expect(calls).toEqual([[offsets[0], offsets[3]]]);
  });

  it('has all of them delivered again when it fails, and does them then', async () => {
    const key = randomUUID();
    let tries = 0;
    const consume = createPartitionConsumer(
      'audit-logs',
      async () => {
        tries += 1;
        if (tries === 1) throw new TransientError('OBJECT_STORE_UNAVAILABLE', 'not now');
      },
      { connect },
    );
    const batch = batchOf('audit-logs', [await audit(key), await audit(key)], key);
    expect((await consume(batch, context)).batchItemFailures).toHaveLength(2);
    expect(await consume(batch, context)).toEqual({ batchItemFailures: [] });
    expect(tries).toBe(2);
  });
});

describe('a record consumer', () => {
  it('takes records as they are, each place in the log once', async () => {
    const [key, seen] = [randomUUID(), [] as string[]];
    const consume = createRecordConsumer(
      'dead-letter-queue',
      ({ value }) => {
        seen.push(String(value));
        return undefined;
      },
      { connect },
    );
    const batch = batchOf('dead-letter-queue', [Buffer.from('same'), Buffer.from('same')], key);
    for (let i = 0; i < 2; i++) expect(await consume(batch, context)).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual(['same', 'same']);
  });
});

describe('a consumer', () => {
  const scans = (effect: Effect) =>
    createConsumer(
      'analytics-events',
      { 'analytics.rollup.requested': ignore, 'analytics.rollup.updated': ignore, 'qr.scanned': () => effect },
      { connect },
    );

  it('passes over records of a type that nobody wants, whatever they hold', async () => {
    const batch = batchOf('analytics-events', [Buffer.from('?')], randomUUID(), 'analytics.rollup.updated');
    expect(await scans({})(batch, context)).toEqual({ batchItemFailures: [] });
    expect(await redis.keys(`*dead/analytics-events*${Object.values(batch.records)[0]?.[0]?.offset}`)).toEqual([]);
  });

  it('writes elsewhere once, however often the record is delivered', async () => {
    const [qrId, owner] = [randomUUID(), randomUUID()];
    const consume = scans({
      crossKeyWrites: [{ name: 'test', owner, writes: [['INCR', `test:elsewhere:{${owner}}`]] }],
    });
    const batch = batchOf('analytics-events', [await scan(qrId)], qrId);
    for (let i = 0; i < 2; i++) await consume(batch, context);
    expect(await redis.get(`test:elsewhere:{${owner}}`)).toBe('1');
  });

  it('keeps what is to be published later, until another record cancels it', async () => {
    const [qrId, key] = [randomUUID(), `test/${randomUUID()}`];
    const at = '2099-01-01T00:00:00.000Z';
    const kept = async () => (await schedule.due(Date.parse(at), 100_000)).filter((entry) => entry.key === key);
    const event = { type: 'qr.scanned', payload: { qrId, userId: 'user-1', action: 'scan' } } as const;
    await scans({ schedule: [{ key, at, event }] })(batchOf('analytics-events', [await scan(qrId)], qrId), context);
    expect(await kept()).toHaveLength(1);
    await scans({ unschedule: [key] })(batchOf('analytics-events', [await scan(qrId)], qrId), context);
    expect(await kept()).toEqual([]);
  });
});
