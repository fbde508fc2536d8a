import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { topic as entryOf } from '../../../lib/catalog/index.ts';
import { type EventOf, eventOf, openPublisher } from '../../../lib/events/index.ts';
import { partitionOf } from '../../../lib/kafka/index.ts';
import { readTopic } from '../../../lib/operations/reader.ts';
import { runPython } from '../../support/python.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const TOPIC = 'analytics-events';
const place = [settings.brokers.join(','), settings.registryUrl, TOPIC];

const publisher = openPublisher(settings);
afterAll(() => publisher.close());

const jsonLines = (output: string): unknown[] =>
  output
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

const scanOf = (qrId: string): EventOf<'qr.scanned'> =>
  eventOf('qr.scanned', { qrId, userId: 'user-1', action: 'scan', city: 'Zürich' }, { source: 'test' });

const eventsWithKey = async (key: string): Promise<EventOf[]> => {
  const found: EventOf[] = [];
  await readTopic(settings, TOPIC, { from: 'beginning', untilEnd: true }, async (record) => {
    if (record.key?.toString() === key) found.push(await publisher.codec.decode(record));
  });
  return found;
};

describe('Confluent’s Python client', () => {
  it('reads what we publish, by the schema in the registry', async () => {
    const qrId = randomUUID();
    const scan = scanOf(qrId);
    const [published] = await publisher.publish(scan);
    const output = await runPython('test/python/read_avro.py', [...place, qrId]);
    expect(jsonLines(output)).toEqual([
      {
        partition: published?.partition,
        headers: {
          'event-type': 'qr.scanned',
          'event-id': scan.eventId,
          'correlation-id': scan.correlationId,
          'content-type': 'application/vnd.confluent.avro',
        },
        event: scan,
      },
    ]);
  });

  it.each(['ours', 'default'])('writes what we read, with its %s subject names', async (strategy) => {
    const qrId = randomUUID();
    const scan = scanOf(qrId);
    const args = [...place, 'schemas/qr.scanned.avsc', strategy, JSON.stringify({ key: qrId, event: scan })];
    await runPython('test/python/write_avro.py', args);
    expect(await eventsWithKey(qrId)).toEqual([scan]);
  });

  it('puts a key on the partition on which we put it', async () => {
    const keys = ['a', 'qr-1', 'Schlüssel', '\u{1f600}', '0'.repeat(100), ...Array.from({ length: 200 }, randomUUID)];
    const lines = keys.map((key) => JSON.stringify({ key, event: scanOf(key) })).join('\n');
    const output = await runPython('test/python/write_avro.py', [...place, 'schemas/qr.scanned.avsc', 'ours', lines]);
    const theirs = jsonLines(output);
    expect(theirs).toHaveLength(keys.length);
    const { partitions } = entryOf(TOPIC);
    const ours = keys.map((key) => ({ partition: partitionOf(Buffer.from(key), partitions), key }));
    expect(theirs).toEqual(expect.arrayContaining(ours));
  });
});
