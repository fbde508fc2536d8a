import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { failureKey } from '../../../handlers/dead-letter-queue/own-failures.ts';
import { PLACES } from '../../../handlers/dead-letter-queue/places.ts';
import { openSourceLog } from '../../../handlers/dead-letter-queue/source-log.ts';
import { fileRecord } from '../../../handlers/dead-letter-queue/work.ts';
import { topic } from '../../../lib/catalog/index.ts';
import { closeConnections, type MskEvent } from '../../../lib/consumer/index.ts';
import { PermanentError, TransientError } from '../../../lib/errors.ts';
import {
  deadLetter,
  type EventOf,
  eventOf,
  headerText,
  type InboundRecord,
  letterId,
  type RawRecord,
  REDRIVE_HEADER,
  recordOf,
} from '../../../lib/events/index.ts';
import { applyOnce, birthsOf, identityOf, markDeadLettered, noteDelivery } from '../../../lib/idempotency/index.ts';
import { openKafka } from '../../../lib/kafka/index.ts';
import { requireLetter } from '../../../lib/operations/dead-letters/index.ts';
import { readTopic } from '../../../lib/operations/reader.ts';
import { hourKey, originalKey, readLetter, readOriginal } from '../../../lib/stores/dead-letters/index.ts';
import { newPartition } from '../../support/bookkeeping.ts';
import { deliveryToQueue, queueBatch } from '../../support/letters.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const operator = `operator-${randomUUID()}`;
const log = openSourceLog(settings);
/** Far from now: what is put back later is never due while the stack's scheduler runs. */
const NOW = Date.parse('2100-01-01T00:00:00Z');
const { connections, deliver } = deliveryToQueue(settings, (record, context) =>
  fileRecord({
    codec: connections.publisher.codec,
    log,
    alert: { letters: 3, withinMinutes: 5, operator },
    now: () => NOW,
  })(record, context),
);
const { redis, objects, schedule, publisher } = connections;
afterAll(() => closeConnections(connections));

const SOURCE = 'content-publishing';
const GROUP = topic(SOURCE).consumerGroup;
const DONE = { batchItemFailures: [] };

/** A record on the source topic, at a place no other test has. */
const newRecord = async (userId: string = randomUUID()) => {
  const contentId = randomUUID();
  const payload = { contentId, userId, actorId: 'editor-1', version: 1 };
  const event: EventOf = eventOf('content.approved', payload, { source: 'test' });
  const offset = Math.floor(Math.random() * 1e12);
  const record: InboundRecord = {
    ...(await recordOf(publisher.codec, event)),
    ...{ partition: 1, offset, timestamp: Date.now() },
  };
  return { userId, event, record, id: letterId(SOURCE, 1, offset) };
};

/** A record as its consumer's bookkeeping knows it. */
const entryOf = (record: InboundRecord, event: EventOf) => ({
  identity: identityOf(record, event),
  log: { births: [], start: 0, first: 0 },
});

/** An hour later. */
const forgetIds = async (tag: string): Promise<void> => {
  const ids = await redis.keys(`ids:${tag}:*`);
  if (ids.length > 0) await redis.del(...ids);
};

const history = { attempts: 2, firstFailure: '2026-01-01T00:00:00.000Z', lastFailure: new Date().toISOString() };
const refused = (record: InboundRecord, code: 'RULE_VIOLATED' | 'UNDECODABLE' = 'RULE_VIOLATED'): RawRecord =>
  deadLetter(record, GROUP, new PermanentError(code, 'It may not.'), history);

/** What the local host and Lambda write when a mapping gives a record up. */
const givenUp = (
  { topic: name, partition, offset, timestamp, key, value, headers }: InboundRecord,
  condition = 'RetriesExhausted',
): RawRecord => {
  const record = {
    ...{ topic: name, partition, offset, timestamp, timestampType: 'CREATE_TIME' },
    key: key?.toString('base64'),
    value: value?.toString('base64'),
    headers: headers.map(([header, content]) => ({ [header]: [...content] })),
  };
  const envelope = {
    requestContext: {
      requestId: randomUUID(),
      functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      condition,
      approximateInvokeCount: 16,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: null },
    version: '1.0',
    timestamp: new Date().toISOString(),
    KafkaBatchInfo: { batchSize: 1, recordInfo: { offset, timestamp } },
    payload: { eventSource: 'aws:kafka', records: { [`${name}-${partition}`]: [record] } },
  };
  return { topic: 'dead-letter-queue', key, value: Buffer.from(JSON.stringify(envelope)), headers: [] };
};

const scheduledFor = async (id: string) =>
  (await schedule.due(NOW + 86_400_000, 100_000)).find(({ key }) => key === `dead-letter/${id}`);

describe('a dead letter of ours', () => {
  it('is filed open with its original kept, counted in its hour, and a replay changes nothing', async () => {
    const { record, id, userId } = await newRecord();
    const hour = hourKey(history.lastFailure);
    const counted = async () => Number((await redis.hget(hour, `${SOURCE}|RULE_VIOLATED`)) ?? 0);
    const before = await counted();
    const batch = queueBatch([refused(record)]);
    for (let i = 0; i < 2; i++) expect(await deliver(batch)).toEqual(DONE);
    expect(await readLetter(redis, id)).toMatchObject({
      ...{ id, shape: 'ours', topic: SOURCE, partition: 1, offset: record.offset, consumer: GROUP },
      ...{ status: 'open', code: 'RULE_VIOLATED', message: 'It may not.', errorClass: 'permanent' },
      ...{ attempts: 2, times: 1, firstFailure: history.firstFailure, redriveCount: 0, redrivable: true },
      users: [userId, 'editor-1'],
    });
    const { key, value, headers } = record;
    expect(await readOriginal(objects, id)).toEqual({ key, value, headers, timestamp: record.timestamp });
    expect(await counted()).toBe(before + 1);
  });

  it('of the same record, once more, is the same letter with more attempts', async () => {
    const { record, id } = await newRecord();
    await deliver(queueBatch([refused(record)]));
    await deliver(queueBatch([refused(record, 'UNDECODABLE')]));
    expect(await readLetter(redis, id)).toMatchObject({ code: 'UNDECODABLE', attempts: 4, times: 2 });
    expect(await redis.zscore('dlq:{dlq}:code:RULE_VIOLATED', id)).toBeNull();
  });
});

describe('a topic that was deleted and made again', () => {
  it('has dead letters of its own where the topic before had others', async () => {
    const [{ record: any }, { record: other, event }] = [await newRecord(), await newRecord()];
    const first = { ...any, partition: 1_000 + Math.floor(Math.random() * 1e6), offset: 3 };
    const second = { ...first, timestamp: first.timestamp + 60_000, key: other.key, value: other.value };
    const id = letterId(SOURCE, first.partition, 3);
    const note = ({ partition, timestamp }: InboundRecord) =>
      noteDelivery(redis, {
        ...{ topic: SOURCE, partition, first: 3, last: 3 },
        ...{ firstTimestamp: timestamp, newestTimestamp: timestamp },
      });
    await note(first);
    await deliver(queueBatch([refused(first)]));
    await note(second);
    await deliver(queueBatch([refused(second)]));
    expect(await readOriginal(objects, id)).toMatchObject({ value: first.value });
    expect(await readOriginal(objects, `${id}@1`)).toMatchObject({ value: second.value });
    // What takes effect at that place now is not what failed there before.
    const births = await birthsOf(redis, SOURCE, first.partition);
    const identity = identityOf(second, event);
    await applyOnce(redis, topic(SOURCE), identity.tag, [{ identity, log: { births, start: 0, first: 0 } }]);
    expect(await requireLetter(redis, id)).toMatchObject({ status: 'open' });
    expect(await requireLetter(redis, `${id}@1`)).toMatchObject({ status: 'done' });
    await redis.del(`log:{${SOURCE}/${first.partition}}`);
  });
});

describe('a record that Lambda gave up', () => {
  it('is put back later with the trace of it, waits longer each time, and is parked in the end', async () => {
    const { record, id } = await newRecord();
    let current = record;
    for (const minutes of [1, 5, 15, 60]) {
      expect(await deliver(queueBatch([givenUp(current)]))).toEqual(DONE);
      const entry = await scheduledFor(id);
      if (entry === undefined) throw new Error('nothing is scheduled');
      expect(entry.dueAt).toBe(NOW + minutes * 60_000);
      expect(entry.record).toMatchObject({ topic: SOURCE, key: record.key, value: record.value });
      expect(headerText(entry.record.headers, REDRIVE_HEADER.of)).toBe(id);
      expect(await readLetter(redis, id)).toMatchObject({ status: 'retrying' });
      // It fails again, at another place.
      current = { ...current, ...entry.record, offset: current.offset + 1 };
    }
    await deliver(queueBatch([givenUp(current)]));
    expect(await readLetter(redis, id)).toMatchObject({ status: 'parked', redriveCount: 4, times: 5, attempts: 80 });
    expect(await scheduledFor(id)).toBeUndefined();
    expect((await readOriginal(objects, id))?.headers).toEqual(record.headers);
  });

  it('as too old, in a replay of what took effect long ago, leaves no letter and is not put back', async () => {
    const { record: made, event } = await newRecord();
    const partition = newPartition();
    const record = { ...made, partition, timestamp: Date.now() - 25 * 3_600_000 };
    const id = letterId(SOURCE, partition, record.offset);
    const { offset, timestamp } = record;
    await noteDelivery(redis, {
      ...{ topic: SOURCE, partition, first: offset, last: offset },
      ...{ firstTimestamp: timestamp, newestTimestamp: timestamp },
    });
    const entry = entryOf(record, event);
    await applyOnce(redis, topic(SOURCE), entry.identity.tag, [entry]);
    await forgetIds(entry.identity.tag);
    for (let replays = 0; replays < 2; replays += 1) {
      expect(await deliver(queueBatch([givenUp(record, 'RecordAgeExceeded')]))).toEqual(DONE);
    }
    expect(await readLetter(redis, id)).toBeUndefined();
    expect(await scheduledFor(id)).toBeUndefined();
    // One that was never delivered before is put back, and one of which a function may have died waits for a person.
    const skipped = { ...record, offset: offset + 5 };
    await deliver(queueBatch([givenUp(skipped, 'RecordAgeExceeded')]));
    expect(await scheduledFor(letterId(SOURCE, partition, skipped.offset))).toBeDefined();
    await deliver(queueBatch([givenUp(record)]));
    expect(await readLetter(redis, id)).toMatchObject({ status: 'open', errorClass: 'permanent' });
    expect(await scheduledFor(id)).toBeUndefined();
  });

  it('but that had taken effect is done, and not put back', async () => {
    const { record, event, id } = await newRecord();
    await deliver(queueBatch([givenUp(record)]));
    expect(await scheduledFor(id)).toBeDefined();
    const entry = entryOf(record, event);
    await redis.del(`exceptions:${entry.identity.tag}:${GROUP}`);
    await applyOnce(redis, topic(SOURCE), entry.identity.tag, [entry]);
    expect(await deliver(queueBatch([givenUp(record)]))).toEqual(DONE);
    expect(await readLetter(redis, id)).toMatchObject({ status: 'done' });
    expect(await scheduledFor(id)).toBeUndefined();
  });

  it('but that the harness had dead-lettered keeps the reason the harness gave', async () => {
    const { record, event, id } = await newRecord();
    await markDeadLettered(redis, topic(SOURCE), entryOf(record, event));
    await deliver(queueBatch([refused(record)]));
    await deliver(queueBatch([givenUp(record)]));
    expect(await readLetter(redis, id)).toMatchObject({ shape: 'ours', status: 'open', times: 1 });
  });

  it('without the record itself is read again from its topic, or parked when it is no longer there', async () => {
    const name = `test-${randomUUID()}`;
    const admin = openKafka(settings, { clientId: 'test' }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: name, numPartitions: 2 }] });
    const headers: RawRecord['headers'] = [['h', Buffer.from('1')]];
    const record = { topic: name, key: Buffer.from('k'), value: Buffer.from('v'), headers, partition: 1 };
    await publisher.publishRaw([record]);
    await admin.disconnect();
    const { value, ...rest } = givenUp({ ...record, partition: 1, offset: 0, timestamp: 0 });
    const { payload: _, ...envelope } = JSON.parse(String(value));
    envelope.KafkaBatchInfo = { recordsInfo: { [`${name}-1`]: { firstRecordOffset: 0, lastRecordOffset: 1 } } };
    await deliver(queueBatch([{ ...rest, value: Buffer.from(JSON.stringify(envelope)) }]));
    expect(await readLetter(redis, letterId(name, 1, 0))).toMatchObject({ status: 'retrying' });
    expect(await readOriginal(objects, letterId(name, 1, 0))).toMatchObject({ value: Buffer.from('v'), headers });
    expect(await readLetter(redis, letterId(name, 1, 1))).toMatchObject({
      status: 'parked',
      message: expect.stringContaining('it is no longer on its topic'),
    });
  });
});

/** The place on the queue of the first record of a batch. */
const placeIn = (batch: MskEvent): InboundRecord => {
  const [record] = Object.values(batch.records).flat();
  if (record === undefined) throw new Error('the batch is empty');
  return { ...record, key: null, value: null, headers: [] };
};

describe('what nobody knows', () => {
  it('is kept and parked', async () => {
    const batch = queueBatch([{ key: null, value: Buffer.from([0xff, 0xfe]), headers: [] }]);
    expect(await deliver(batch)).toEqual(DONE);
    const { partition, offset } = placeIn(batch);
    const id = letterId('dead-letter-queue', partition, offset);
    expect(await readLetter(redis, id)).toMatchObject({ shape: 'unknown', status: 'parked', code: 'UNKNOWN_SHAPE' });
    expect((await readOriginal(objects, id))?.value).toEqual(Buffer.from([0xff, 0xfe]));
  });
});

describe('many letters of one topic and reason', () => {
  it('are told to the operator once in a window, also when some are delivered again', async () => {
    const letters = await Promise.all(Array.from({ length: 5 }, async () => (await newRecord()).record));
    const code = `Odd${randomUUID().slice(0, 8)}`;
    const batch = queueBatch(
      letters.map((record) => {
        const letter = givenUp(record);
        return { ...letter, value: Buffer.from(String(letter.value).replace('RetriesExhausted', code)) };
      }),
    );
    await deliver(batch);
    await deliver(batch);
    const told: EventOf['payload'][] = [];
    await readTopic(settings, 'notifications', { from: 'beginning', untilEnd: true }, async (record) => {
      if (record.key?.toString() === operator) told.push((await publisher.codec.decode(record)).payload);
    });
    expect(told.filter((payload) => JSON.stringify(payload).includes(code))).toMatchObject([
      { template: 'dead-letters', data: { count: '3', reason: code, topic: SOURCE } },
    ]);
  });
});

describe('the handler’s own failures', () => {
  it('go to the object store with their reason, and the queue moves on', async () => {
    const [bad, good] = [await newRecord(), await newRecord()];
    await redis.set(`dlq:{dlq}:letter:${bad.id}`, 'no hash');
    const batch = queueBatch([refused(bad.record), refused(good.record)]);
    expect(await deliver(batch)).toEqual(DONE);
    await redis.del(`dlq:{dlq}:letter:${bad.id}`);
    expect(await readLetter(redis, good.id)).toMatchObject({ status: 'open' });
    const kept = JSON.parse(String(await objects.get(failureKey(placeIn(batch)))));
    expect(kept).toMatchObject({
      reason: expect.stringContaining('WRONGTYPE'),
      record: { value: bad.record.value?.toString('base64') },
    });
  });

  it('that are outages have the record delivered again', async () => {
    const { record, id } = await newRecord();
    const down = { ...objects, put: () => Promise.reject(new TransientError('OBJECT_STORE_UNAVAILABLE', 'down')) };
    const batch = queueBatch([refused(record)]);
    expect((await deliver(batch, { objects: down })).batchItemFailures).toHaveLength(1);
    expect(await readLetter(redis, id)).toBeUndefined();
    expect(await deliver(batch)).toEqual(DONE);
    expect(await readLetter(redis, id)).toMatchObject({ status: 'open', times: 1 });
  });
});

describe('the erasure of a user', () => {
  it('takes letters that name the user, with their originals', async () => {
    const userId = randomUUID();
    const mine = [await newRecord(userId), await newRecord(userId)];
    await deliver(queueBatch(mine.map(({ record }) => refused(record))));
    const stores = { redis, objects, signal: new AbortController().signal };
    const erase = () => Promise.all(PLACES.map((place) => place.erase(userId, stores)));
    expect(await erase()).toEqual([2]);
    expect(await erase()).toEqual([0]);
    expect(await Promise.all(mine.map(({ id }) => readLetter(redis, id)))).toEqual([undefined, undefined]);
    expect(await Promise.all(mine.map(({ id }) => objects.get(originalKey(id))))).toEqual([undefined, undefined]);
  });
});
