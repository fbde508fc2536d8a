import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { topic } from '../../../lib/catalog/index.ts';
import {
  type Connections,
  closeConnections,
  createConsumer,
  type EventHandler,
  ignore,
  type MskEvent,
  type MskRecord,
  openConnections,
} from '../../../lib/consumer/index.ts';
import { PermanentError, TransientError } from '../../../lib/errors.ts';
import { DEAD_LETTER_HEADER, type EventOf, eventOf } from '../../../lib/events/index.ts';
import { type LogRecord, readTopic } from '../../../lib/operations/reader.ts';
import { openRedis } from '../../../lib/stores/redis.ts';
import { updatesKey } from '../../../lib/stores/updates.ts';
import { newPartition } from '../../support/bookkeeping.ts';
import { contextFor } from '../../support/delivery.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const TOPIC = 'analytics-events';
/** Partitions of this file. */
const P = newPartition();
type Scan = EventOf<'qr.scanned'>;

const connections = openConnections(topic(TOPIC), settings);
const { redis, publisher } = connections;
afterAll(() => closeConnections(connections));

const NONE = { 'analytics.rollup.requested': ignore, 'analytics.rollup.updated': ignore };

const consumerOf = (handler: EventHandler<'qr.scanned'>, others: Partial<Connections> = {}) => {
  const consume = createConsumer(
    TOPIC,
    { ...NONE, 'qr.scanned': handler },
    { connect: () => ({ ...connections, ...others }) },
  );
  return (event: MskEvent, timeoutMs = 30_000) => consume(event, contextFor(TOPIC, timeoutMs));
};

const scanOf = (qrId: string): Scan =>
  eventOf('qr.scanned', { qrId, userId: 'user-1', action: 'scan' }, { source: 'test' });

const recordWith = (partition: number, offset: number, key: string, value: Buffer | null): MskRecord => ({
  topic: TOPIC,
  partition,
  offset,
  timestamp: Date.now(),
  timestampType: 'CREATE_TIME',
  key: Buffer.from(key).toString('base64'),
  value: value === null ? null : value.toString('base64'),
  headers: [{ 'x-test': [...Buffer.from('kept')] }],
});

/** A batch of one record a scan, all of one partition. Offsets are drawn from where no other test has any. */
const batchOf = async (scans: readonly Scan[], partition = newPartition()): Promise<MskEvent> => {
  const first = Math.floor(Math.random() * 1e6);
  const values = await Promise.all(scans.map((scan) => publisher.codec.encode(scan)));
  const records = scans.map(({ payload }, i) =>
    recordWith(partition, first + i, payload.qrId ?? '', values[i] ?? null),
  );
  return { eventSource: 'aws:kafka', records: { [`${TOPIC}-${partition}`]: records } };
};

const deadLettersOf = async (key: string): Promise<LogRecord[]> => {
  const found: LogRecord[] = [];
  await readTopic(settings, 'dead-letter-queue', { from: 'beginning', untilEnd: true }, (record) => {
    if (record.key?.toString() === key) found.push(record);
  });
  return found;
};

const headersOf = ({ headers }: LogRecord): Record<string, string> =>
  Object.fromEntries(headers.map(([name, value]) => [name, value.toString()]));

describe('a batch', () => {
  it('is handled in the order of its keys and answered with no failures', async () => {
    const seen: string[] = [];
    const [a, b] = [randomUUID(), randomUUID()];
    const scans = [a, b, a, b, a].map(scanOf);
    const answer = await consumerOf(async ({ eventId }) => {
      seen.push(eventId);
      return undefined;
    })(await batchOf(scans));
    expect(answer).toEqual({ batchItemFailures: [] });
    for (const qrId of [a, b]) {
      const own = scans.filter(({ payload }) => payload.qrId === qrId).map(({ eventId }) => eventId);
      expect(seen.filter((id) => own.includes(id))).toEqual(own);
    }
  });

  it('takes effect once, however often it is delivered', async () => {
    const qrId = randomUUID();
    const consume = consumerOf((_, { tag }) => ({ writes: [['INCR', `test:count:${tag}`]] }));
    const batch = await batchOf([scanOf(qrId), scanOf(qrId)]);
    for (let i = 0; i < 3; i++) await consume(batch);
    await Promise.all([consume(batch), consume(batch)]);
    expect(await redis.get(`test:count:{${qrId}}`)).toBe('2');
  });

  it('takes effect once when two deliveries are handled at the same time', async () => {
    const qrId = randomUUID();
    const batch = await batchOf([scanOf(qrId)]);
    let arrived = 0;
    let open: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    const consume = consumerOf(async (_, { tag }) => {
      arrived += 1;
      if (arrived === 2) open();
      await both;
      return { writes: [['INCR', `test:count:${tag}`]] };
    });
    await Promise.all([consume(batch), consume(batch)]);
    expect(await redis.get(`test:count:{${qrId}}`)).toBe('1');
  });

  it('handles an event once that it holds twice', async () => {
    const scan = scanOf(randomUUID());
    let handled = 0;
    await consumerOf(() => {
      handled += 1;
      return undefined;
    })(await batchOf([scan, scan]));
    expect(handled).toBe(1);
  });
});

describe('a transient failure', () => {
  it('is reported with every later record of its partition, and done records are not handled again', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    const scans = [scanOf(a), scanOf(b), scanOf(a), scanOf(b)];
    const batch = await batchOf(scans, P + 3);
    const handled: string[] = [];
    let down = true;
    const consume = consumerOf(({ eventId, payload }) => {
      if (down && payload.qrId === b) throw new TransientError('SERVICE_FAILED', 'a store is down');
      handled.push(eventId);
      return undefined;
    });
    const offsets = batch.records[`${TOPIC}-${P + 3}`]?.map(({ offset }) => offset) ?? [];
    expect(await consume(batch)).toEqual({
      batchItemFailures: offsets
        .slice(1)
        .map((offset) => ({ itemIdentifier: { partition: `${TOPIC}-${P + 3}`, offset } })),
    });
    down = false;
    expect(await consume(batch)).toEqual({ batchItemFailures: [] });
    expect([...handled].sort()).toEqual(scans.map(({ eventId }) => eventId).sort());
  });

  it('leaves other partitions alone', async () => {
    const [bad, good] = [await batchOf([scanOf('bad')], P + 1), await batchOf([scanOf(randomUUID())], P + 2)];
    const answer = await consumerOf(({ payload }) => {
      if (payload.qrId === 'bad') throw new Error('anything unknown counts as transient');
      return undefined;
    })({ records: { ...bad.records, ...good.records } });
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier.partition)).toEqual([
      `${TOPIC}-${P + 1}`,
    ]);
  });

  it('ends a handler that takes longer than the invocation has', async () => {
    const batch = await batchOf([scanOf(randomUUID())]);
    const answer = await consumerOf(
      (_, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
    )(batch, 500);
    expect(answer.batchItemFailures).toHaveLength(1);
  });

  it('of Redis before the work fails the whole batch', async () => {
    const nowhere = openRedis({ redisUrl: 'redis://127.0.0.1:1' });
    try {
      const batch = await batchOf([scanOf('x')]);
      await expect(consumerOf(() => undefined, { redis: nowhere })(batch)).rejects.toMatchObject({
        code: 'REDIS_UNAVAILABLE',
      });
    } finally {
      nowhere.disconnect();
    }
  });
});

describe('a permanent failure', () => {
  it('goes to the dead-letter queue with its bytes, headers and reason, once, and the partition moves on', async () => {
    const key = randomUUID();
    const bytes = Buffer.from([0xde, 0xad, 0xbe, 0xef]);
    const batch = await batchOf([scanOf(key)], P + 5);
    const [record] = batch.records[`${TOPIC}-${P + 5}`] ?? [];
    if (record === undefined) throw new Error('no record');
    const broken = recordWith(P + 5, record.offset - 1, key, bytes);
    const handled: string[] = [];
    const consume = consumerOf(({ payload }) => {
      handled.push(payload.qrId ?? '');
      return undefined;
    });
    const event = { records: { [`${TOPIC}-${P + 5}`]: [broken, record] } };
    for (let i = 0; i < 2; i++) expect(await consume(event)).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual([key]);

    const letters = await deadLettersOf(key);
    expect(letters).toHaveLength(1);
    const [letter] = letters;
    if (letter === undefined) throw new Error('no dead letter');
    expect(letter.value).toEqual(bytes);
    expect(headersOf(letter)).toMatchObject({
      'x-test': 'kept',
      [DEAD_LETTER_HEADER.topic]: TOPIC,
      [DEAD_LETTER_HEADER.partition]: String(P + 5),
      [DEAD_LETTER_HEADER.offset]: String(record.offset - 1),
      [DEAD_LETTER_HEADER.consumer]: 'analytics-processors',
      [DEAD_LETTER_HEADER.errorClass]: 'permanent',
      [DEAD_LETTER_HEADER.errorCode]: 'UNDECODABLE',
      [DEAD_LETTER_HEADER.attempts]: '1',
    });
  });

  it('tells how often and since when the record had failed before', async () => {
    const key = randomUUID();
    const batch = await batchOf([scanOf(key)], P + 6);
    let calls = 0;
    const consume = consumerOf(() => {
      calls += 1;
      if (calls < 3) throw new TransientError('SERVICE_FAILED', 'not yet');
      throw new PermanentError('RULE_VIOLATED', 'This code was deleted.');
    });
    for (let i = 0; i < 3; i++) await consume(batch);
    const [letter] = await deadLettersOf(key);
    if (letter === undefined) throw new Error('no dead letter');
    const headers = headersOf(letter);
    expect(headers).toMatchObject({ 'dlq-attempts': '3', 'dlq-error-message': 'This code was deleted.' });
    expect(Date.parse(headers['dlq-first-failure'] ?? '')).toBeLessThan(Date.parse(headers['dlq-last-failure'] ?? ''));
  });

  it('can be put back: as another record it is handled anew', async () => {
    const scan = scanOf(randomUUID());
    let mended = false;
    let handled = 0;
    const consume = consumerOf(() => {
      if (!mended) throw new PermanentError('RULE_VIOLATED', 'Not now.');
      handled += 1;
      return undefined;
    });
    await consume(await batchOf([scan], P + 7));
    mended = true;
    await consume(await batchOf([scan], P + 7));
    expect(handled).toBe(1);
  });

  it('is that of a tombstone, and of an event of another topic', async () => {
    const key = randomUUID();
    const other = eventOf('bulk.qr.chunk.requested', { batchId: key, userId: 'u', chunk: 0 }, { source: 'test' });
    const first = Math.floor(Math.random() * 1e12);
    const records = [
      recordWith(P + 8, first, key, null),
      recordWith(P + 8, first + 1, key, await publisher.codec.encode(other)),
    ];
    await consumerOf(() => undefined)({ records: { [`${TOPIC}-${P + 8}`]: records } });
    const codes = (await deadLettersOf(key)).map((letter) => headersOf(letter)[DEAD_LETTER_HEADER.errorCode]);
    expect(codes).toEqual(['TOMBSTONE', 'UNKNOWN_EVENT_TYPE']);
  });
});

describe('an effect', () => {
  it('is done in order: events, updates, then writes with the mark; and what it publishes says where it came from', async () => {
    const qrId = randomUUID();
    const userId = `user-${qrId}`;
    const scan = scanOf(qrId);
    const failed = { batchId: qrId, userId, code: 'X', reason: 'x', failedAt: '2026-01-01T00:00:00Z' };
    await consumerOf((_, { tag }) => ({
      events: [{ type: 'bulk.qr.generation.failed', name: qrId, payload: failed }],
      updates: [{ userId, type: 'test.done', data: { qrId } }],
      writes: [['SET', `test:written:${tag}`, 'yes', 'EX', 60]],
    }))(await batchOf([scan]));

    expect(await redis.get(`test:written:{${qrId}}`)).toBe('yes');
    const update = (await redis.xrange(updatesKey(userId), '-', '+')).find(([, fields]) => fields[1] === 'test.done');
    expect(update?.[1]).toEqual(expect.arrayContaining(['data', JSON.stringify({ qrId })]));
    const found: EventOf[] = [];
    await readTopic(settings, 'notifications', { from: 'beginning', untilEnd: true }, async (record) => {
      if (record.key?.toString() === userId) found.push(await publisher.codec.decode({ ...record }));
    });
    // The stack's own function tells the user, by events of its own.
    const published = found.filter(({ eventType }) => eventType === 'bulk.qr.generation.failed');
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      causationId: scan.eventId,
      correlationId: scan.correlationId,
      source: 'analytics-processors',
    });
  });
});
