import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { topic as entryOf } from '../../../lib/catalog/index.ts';
import { type EventOf, eventOf, openPublisher } from '../../../lib/events/index.ts';
import { partitionOf } from '../../../lib/kafka/index.ts';
import { type LogRecord, readTopic } from '../../../lib/operations/reader.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const TOPIC = 'analytics-events';

const publisher = openPublisher(settings);
afterAll(() => publisher.close());

const scanOf = (qrId: string, userId = 'user-1'): EventOf<'qr.scanned'> =>
  eventOf('qr.scanned', { qrId, userId, action: 'scan' }, { source: 'test' });

const recordsOf = async (wanted: (record: LogRecord) => boolean): Promise<LogRecord[]> => {
  const found: LogRecord[] = [];
  await readTopic(settings, TOPIC, { from: 'beginning', untilEnd: true }, (record) => {
    if (wanted(record)) found.push(record);
  });
  return found;
};

describe('the publisher', () => {
  it('says where each event lies, in the order given', async () => {
    const scans = Array.from({ length: 50 }, () => scanOf(randomUUID()));
    const published = await publisher.publish(...scans);
    const { partitions } = entryOf(TOPIC);
    for (const [i, { topic, partition, offset }] of published.entries()) {
      const qrId = scans[i]?.payload.qrId ?? '';
      expect({ topic, partition }).toEqual({ topic: TOPIC, partition: partitionOf(Buffer.from(qrId), partitions) });
      const [record] = await recordsOf((one) => one.key?.toString() === qrId);
      expect(record).toMatchObject({ partition, offset });
    }
  });

  it('keeps the order of a key when many callers publish side by side', async () => {
    const qrIds = Array.from({ length: 5 }, () => randomUUID());
    const calls = Array.from({ length: 300 }, (_, i) => scanOf(qrIds[i % 5] ?? '', `user-${i}`));
    await Promise.all(calls.map((scan) => publisher.publish(scan)));
    for (const qrId of qrIds) {
      const records = await recordsOf((one) => one.key?.toString() === qrId);
      const events = await Promise.all(records.map((record) => publisher.codec.decode(record)));
      expect(events).toEqual(calls.filter(({ payload }) => payload.qrId === qrId));
    }
  });

  it('refuses a record that no broker takes, for good, and goes on with the next', async () => {
    const huge = eventOf(
      'qr.scanned',
      { qrId: randomUUID(), userId: 'u', action: 'x'.repeat(2 * 1024 * 1024) },
      { source: 'test' },
    );
    await expect(publisher.publish(huge)).rejects.toMatchObject({ code: 'REFUSED', failureClass: 'permanent' });
    expect(await publisher.publish(scanOf(randomUUID()))).toHaveLength(1);
  });

  it('refuses a topic that is not there', async () => {
    const record = { topic: `no-${randomUUID()}`, key: null, value: Buffer.from('x'), headers: [] };
    await expect(publisher.publishRaw([record])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('passes bytes, absent keys, repeated and empty headers through as they are', async () => {
    const mark = randomUUID();
    const headers = [
      ['x-mark', Buffer.from(mark)],
      ['x-many', Buffer.from('1')],
      ['x-many', Buffer.from([0xff, 0x00])],
      ['x-empty', Buffer.alloc(0)],
    ] as const;
    const record = { topic: TOPIC, partition: 3, headers };
    await publisher.publishRaw([
      { ...record, key: null, value: Buffer.from([0, 255]) },
      { ...record, key: Buffer.alloc(0), value: null },
    ]);
    const found = await recordsOf((one) => one.headers.some(([, value]) => value.toString() === mark));
    expect(found).toMatchObject([
      { partition: 3, key: null, value: Buffer.from([0, 255]), headers },
      { partition: 3, key: Buffer.alloc(0), value: null, headers },
    ]);
  });

  it('that finds no broker fails for the time being', async () => {
    const lost = openPublisher({ ...settings, brokers: ['127.0.0.1:1'] }, { retries: 0 });
    await expect(lost.publish(scanOf('x'))).rejects.toMatchObject({
      code: 'BROKER_UNAVAILABLE',
      failureClass: 'transient',
    });
    await lost.close();
  });
});
