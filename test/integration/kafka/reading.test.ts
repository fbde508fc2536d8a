import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type EachBatchPayload,
  GZIP,
  headersToWrite,
  type KafkaRecord,
  openKafka,
  openProducer,
  type RecordHeaders,
  readStretches,
  recordsIn,
  UNCOMPRESSED,
} from '../../../lib/kafka/index.ts';
import { withAdmin } from '../../../lib/operations/cluster.ts';
import { readTopic } from '../../../lib/operations/reader.ts';
import { readable } from '../../../lib/operations/records.ts';
import { runPython } from '../../support/python.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();

type Config = Readonly<Record<string, string>>;

/** A broker refuses times that are more than an hour ahead, unless the topic says otherwise. */
const ANY_TIME: Config = { 'message.timestamp.after.max.ms': String(2n ** 63n - 1n) };

const makeTopic = (name: string, config: Config): Promise<boolean> =>
  withAdmin(settings, (admin) =>
    admin.createTopics({
      topics: [
        {
          topic: name,
          numPartitions: 1,
          configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
        },
      ],
    }),
  );

/** A topic of one partition with what the script in test/python writes there. */
const written = async (kind: string, config: Config = kind === 'times' ? ANY_TIME : {}): Promise<string> => {
  const topic = `read-${kind}-${randomUUID().slice(0, 8)}`;
  await makeTopic(topic, config);
  await runPython('test/python/write_records.py', [settings.brokers.join(','), topic, kind]);
  return topic;
};

const endOf = async (topic: string): Promise<number> =>
  withAdmin(settings, async (admin) => Number((await admin.fetchTopicOffsets(topic))[0]?.high));

/** What the reader without a group brings. */
const readAlone = async (topic: string): Promise<readonly KafkaRecord[]> => {
  const found: KafkaRecord[] = [];
  const stretch = { topic, partition: 0, from: 0, end: await endOf(topic) };
  await readStretches(
    settings,
    [stretch],
    (_, records) => {
      for (const record of records) found.push(record);
      return undefined;
    },
    { clientId: 'test' },
  );
  return found;
};

/** What a consumer of kafkajs brings, as mappings have one. It ends where its position is the end of the topic. */
const readInGroup = async (topic: string): Promise<readonly KafkaRecord[]> => {
  const end = await endOf(topic);
  const found: KafkaRecord[] = [];
  const consumer = openKafka(settings, { clientId: 'test' }).consumer({
    groupId: `test-${randomUUID()}`,
    maxWaitTimeInMs: 100,
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
        if (Number(payload.lastOffset) + 1 >= end) resolve();
      });
      const eachBatch = async ({ batch }: EachBatchPayload): Promise<void> => {
        for (const record of recordsIn(batch)) found.push(record);
      };
      consumer.run({ autoCommit: false, eachBatch }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return found;
};

const READERS = { 'a reader without a group': readAlone, 'a consumer in a group': readInGroup } as const;
const valuesOf = (records: readonly KafkaRecord[]): string[] => records.map(({ value }) => String(value));

describe.each(Object.entries(READERS))('%s', (_name, read) => {
  const topics = new Map<string, string>();
  const topicOf = (kind: string): string => topics.get(kind) ?? '';

  beforeAll(async () => {
    for (const kind of ['codecs', 'empty', 'headers', 'times', 'interleaved']) topics.set(kind, await written(kind));
  }, 240_000);

  it('reads all five codecs as librdkafka writes them', async () => {
    const expected = ['none', 'gzip', 'snappy', 'lz4', 'zstd'].flatMap((codec) =>
      Array.from({ length: 200 }, (_, i) => `${codec}-${i}-${'abc'.repeat(i % 50)}`),
    );
    expect(valuesOf(await read(topicOf('codecs')))).toEqual(expected);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads %s as a broker in Java writes it', async (codec) => {
    const topic = await written('codecs', { 'compression.type': codec });
    expect(await read(topic)).toHaveLength(1_000);
  });

  it('reads 200,000 empty records of a batch', async () => {
    const records = await read(topicOf('empty'));
    expect(records).toHaveLength(200_000);
    expect(records.at(-1)?.offset).toBe(199_999);
  });

  it('has headers in their order, whatever their names: repeated, without a value, thousands', async () => {
    const [odd, mixed, many] = (await read(topicOf('headers'))).map(({ headers }) =>
      headers.map(([name, value]) => [name, value === null ? null : String(value)]),
    );
    expect(odd).toEqual([
      ['constructor', '1'],
      ['__proto__', '2'],
      ['toString', '3'],
      ['10', '4'],
      ['9', '5'],
    ]);
    expect(mixed).toEqual([
      ['x', '1'],
      ['y', '9'],
      ['x', '2'],
      ['n', null],
      ['', ''],
    ]);
    expect(many).toHaveLength(8_000);
    expect(many?.[4_001]).toEqual(['header-1', 'v4001']);
  });

  it('has a time of nanoseconds to the last digit', async () => {
    expect((await read(topicOf('times')))[0]?.timestamp).toBe(1_780_000_000_123_456_789n);
  });

  it('sees nothing of aborted transactions whose batches interleave, and all that was committed', async () => {
    const names = ['a-first', 'b-first', 'b-last', 'a-last'];
    const expected = names.flatMap((name) => [0, 1, 2].map((i) => `${name}-${i}`));
    expect(valuesOf(await read(topicOf('interleaved')))).toEqual(expected);
  });
});

it('a time that is none is shown as the number it is', async () => {
  const topic = await written('times');
  const shown: string[] = [];
  await readTopic(settings, topic, { from: 'beginning', untilEnd: true }, async (record) => {
    shown.push((await readable(record, () => Promise.reject(new Error('no Avro')))).timestamp);
  });
  expect(shown).toEqual(['1780000000123456789']);
});

it.each([
  ['none', UNCOMPRESSED],
  ['gzip', GZIP],
])('what our producer writes comes back as it was: any headers, times of 64 bits (%s)', async (_codec, compression) => {
  const topic = `written-${randomUUID().slice(0, 8)}`;
  await makeTopic(topic, ANY_TIME);
  const headers: RecordHeaders = [
    ['x', Buffer.from('1')],
    ['constructor', Buffer.from([0xff])],
    ['__proto__', null],
    ['x', Buffer.alloc(0)],
    ['7', Buffer.from('7')],
    ['3', Buffer.from('3')],
  ];
  const times = [5_000n, -5n, 0n, 2n ** 63n - 1n, 1_780_000_000_123_456_789n];
  const producer = openProducer(openKafka(settings, { clientId: 'test' }));
  await producer.connect();
  await producer.send({
    topic,
    compression,
    messages: times.map((time, i) => ({
      key: i === 0 ? null : `key-${i}`,
      value: i === 1 ? null : Buffer.alloc(i * 100, i),
      timestamp: String(time),
      headers: headersToWrite(headers),
      partition: 0,
    })),
  });
  await producer.disconnect();
  const records = await readAlone(topic);
  expect(records.map(({ timestamp }) => timestamp)).toEqual(times);
  expect(records.map(({ headers: read }) => read)).toEqual(times.map(() => headers));
  expect(records.map(({ key }) => (key === null ? null : String(key)))).toEqual([
    null,
    'key-1',
    'key-2',
    'key-3',
    'key-4',
  ]);
  expect(records.map(({ value }) => value)).toEqual(times.map((_, i) => (i === 1 ? null : Buffer.alloc(i * 100, i))));
});
