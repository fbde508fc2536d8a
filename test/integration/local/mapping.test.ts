import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionHost, HostOptions } from '../../../lib/local/functions/host.ts';
import { type LogRecord, readTopic } from '../../../lib/operations/reader.ts';
import { DEAD_LETTERS, hosted, numbered, offsetsByPartition, Scene } from '../../support/hosted.ts';
import { until } from '../../support/until.ts';

const always = 1_000_000;
const TOPICS = {
  load: hosted('records', { partitions: 4, mapping: { batchSize: 150 } }),
  full: hosted('records', { mapping: { batchSize: 10, batchingWindowSeconds: 300 } }),
  window: hosted('records', { partitions: 2, mapping: { batchingWindowSeconds: 1 } }),
  retried: hosted('throws', { mapping: { maximumRetryAttempts: 3 } }),
  exhausted: hosted('throws', { mapping: { maximumRetryAttempts: 1 } }),
  bisected: hosted('throws', { mapping: { maximumRetryAttempts: 0, bisectBatchOnFunctionError: true } }),
  reported: hosted('reports', { mapping: { maximumRetryAttempts: 3 } }),
  waiting: hosted('reports', { partitions: 2, mapping: { maximumRetryAttempts: 10 } }),
  old: hosted('records', { mapping: { maximumRecordAgeSeconds: 60 } }),
  large: hosted('records'),
  unasked: hosted('answers-ok', { mapping: { reportBatchItemFailures: false } }),
  crashing: hosted('exits', { mapping: { maximumRetryAttempts: 3 } }),
} as const;
const ALL = Object.values(TOPICS);

const scene = new Scene();
let host: FunctionHost;
let options: HostOptions;

beforeAll(async () => {
  await scene.open(ALL);
  options = await scene.hostOptions(ALL);
  host = await scene.host(ALL, options);
});
afterAll(async () => {
  await host?.stop(0);
  await scene.close();
});

const deadLettersOf = async (topic: {
  readonly name: string;
}): Promise<[LogRecord, ReturnType<typeof JSON.parse>][]> => {
  const letters: [LogRecord, ReturnType<typeof JSON.parse>][] = [];
  await readTopic(scene.settings, DEAD_LETTERS, { from: 'beginning', untilEnd: true }, (record) => {
    const envelope = JSON.parse(String(record.value));
    if (envelope.payload.records[`${topic.name}-0`]) letters.push([record, envelope]);
  });
  return letters;
};
const numbersOf = (calls: Awaited<ReturnType<Scene['calls']>>) =>
  calls.map(({ records }) => records.map(({ value }) => value.n));

describe.concurrent('a mapping', () => {
  it('under load delivers each record once, in the order of its partition, in batches no larger than allowed', async () => {
    const partitions = [0, 1, 2, 3];
    for (let round = 0; round < 5; round++) {
      await Promise.all(partitions.map((partition) => scene.send(TOPICS.load, partition, numbered(200, round * 200))));
    }
    await scene.untilCommitted(TOPICS.load, 1_000, 1_000, 1_000, 1_000);
    const calls = await scene.calls(TOPICS.load);
    for (const { records } of calls) expect(records.length).toBeLessThanOrEqual(150);
    const seen = offsetsByPartition(calls.flatMap(({ records }) => records));
    for (const partition of partitions) expect(seen.get(partition)).toEqual([...Array(1_000).keys()]);
    // Two environments, side by side.
    expect(new Set(calls.map(({ pid }) => pid)).size).toBeLessThanOrEqual(2);
  });

  it('sends a full batch without waiting for its window, and keeps what fills none', async () => {
    await scene.send(TOPICS.full, 0, numbered(25));
    await scene.untilCommitted(TOPICS.full, 20);
    expect((await scene.calls(TOPICS.full)).map(({ records }) => records.length)).toEqual([10, 10]);
  });

  it('waits a window for a fuller batch, over partitions', async () => {
    const sentAt = Date.now();
    await Promise.all([0, 1].map((partition) => scene.send(TOPICS.window, partition, numbered(5))));
    await scene.untilCommitted(TOPICS.window, 5, 5);
    const [call, ...others] = await scene.calls(TOPICS.window);
    expect(others).toEqual([]);
    expect((call?.at ?? 0) - sentAt).toBeGreaterThanOrEqual(1_000);
  });

  it('sends a batch that failed again, the same records, before anything else of the partition', async () => {
    await scene.send(TOPICS.retried, 0, [{ n: 0 }, { n: 1, failTimes: 2 }, { n: 2 }]);
    await until('the first try', async () => (await scene.calls(TOPICS.retried)).length > 0);
    await scene.send(TOPICS.retried, 0, numbered(2, 3));
    await scene.untilCommitted(TOPICS.retried, 5);
    expect(numbersOf(await scene.calls(TOPICS.retried))).toEqual([
      [0, 1, 2],
      [0, 1, 2],
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it('gives up when retries are used up: documented envelope, original key, and the partition moves on', async () => {
    await scene.send(TOPICS.exhausted, 0, [{ n: 7, failTimes: always }], { headers: { x: ['a', 'b'] } });
    await scene.untilCommitted(TOPICS.exhausted, 1);
    await scene.send(TOPICS.exhausted, 0, [{ n: 8 }]);
    await scene.untilCommitted(TOPICS.exhausted, 2);
    const calls = await scene.calls(TOPICS.exhausted);
    expect(numbersOf(calls)).toEqual([[7], [7], [8]]);
    const letters = await deadLettersOf(TOPICS.exhausted);
    expect(letters).toHaveLength(1);
    const [[record, envelope] = []] = letters;
    expect(record?.key?.toString()).toBe('key-7');
    expect(record?.headers).toEqual([]);
    const sample = JSON.parse(await readFile(new URL('../../events/on-failure-kafka.json', import.meta.url), 'utf8'));
    expect(Object.keys(envelope)).toEqual(Object.keys(sample));
    expect(envelope.requestContext).toEqual({
      requestId: calls[1]?.requestId,
      functionArn: expect.stringMatching(`:function:${TOPICS.exhausted.name}:\\$LATEST$`),
      condition: 'RetriesExhausted',
      approximateInvokeCount: 2,
    });
    expect(envelope.responseContext).toEqual(sample.responseContext);
    const [failed] = envelope.payload.records[`${TOPICS.exhausted.name}-0`];
    expect(envelope.KafkaBatchInfo).toMatchObject({
      batchSize: 1,
      payloadSize: JSON.stringify(envelope.payload).length,
      recordInfo: { offset: '0', timestamp: new Date(failed.timestamp).toISOString() },
    });
    expect(envelope.payload.records[`${TOPICS.exhausted.name}-0`]).toMatchObject([
      { offset: 0, key: Buffer.from('key-7').toString('base64'), headers: [{ x: [97] }, { x: [98] }] },
    ]);
  });

  it('isolates the poison record of a batch by halving it', async () => {
    await scene.send(TOPICS.bisected, 0, [...numbered(5), { n: 5, failTimes: always }, ...numbered(6, 6)]);
    await scene.untilCommitted(TOPICS.bisected, 12);
    const letters = await deadLettersOf(TOPICS.bisected);
    expect(letters.map(([{ key }]) => String(key))).toEqual(['key-5']);
    const worked = (await scene.calls(TOPICS.bisected)).filter(({ records }) =>
      records.every(({ value }) => value.n !== 5),
    );
    expect(numbersOf(worked).flat()).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
  });

  it('sends only those records again that a partial failure names', async () => {
    await scene.send(TOPICS.reported, 0, [{ n: 0 }, { n: 1, failTimes: 1 }, { n: 2 }, { n: 3, failTimes: 2 }]);
    await scene.untilCommitted(TOPICS.reported, 4);
    expect(numbersOf(await scene.calls(TOPICS.reported))).toEqual([[0, 1, 2, 3], [1, 3], [3]]);
  });

  it('takes any normal return for success where it does not ask which records failed', async () => {
    await scene.send(TOPICS.unasked, 0, numbered(3));
    await scene.untilCommitted(TOPICS.unasked, 3);
    expect(numbersOf(await scene.calls(TOPICS.unasked)).flat()).toEqual([0, 1, 2]);
    expect(await deadLettersOf(TOPICS.unasked)).toEqual([]);
  });

  it('commits up to the first record that is not done, partition by partition', async () => {
    await scene.send(TOPICS.waiting, 0, [{ n: 0 }, { n: 1 }, { n: 2, failTimes: always }, { n: 3 }]);
    await scene.send(TOPICS.waiting, 1, numbered(3));
    await scene.untilCommitted(TOPICS.waiting, 2, 3);
    await until(
      'another try',
      async () => (await scene.seen(TOPICS.waiting)).filter(({ value }) => value.n === 2).length > 2,
    );
    expect(await scene.committed(TOPICS.waiting)).toEqual([2, 3]);
    const { KafkaMetrics } = host.mapping(TOPICS.waiting.name)?.metrics() ?? {};
    expect(KafkaMetrics).toEqual({ MaxOffsetLag: 2, SumOffsetLag: 2 });
  });

  it('does not send what is older than its maximum age, but to the destination', async () => {
    await scene.send(TOPICS.old, 0, [{ n: 0 }], { timestamp: String(Date.now() - 61_000) });
    await scene.send(TOPICS.old, 0, [{ n: 1 }]);
    await scene.untilCommitted(TOPICS.old, 2);
    expect(numbersOf(await scene.calls(TOPICS.old)).flat()).toEqual([1]);
    const [[record, envelope] = []] = await deadLettersOf(TOPICS.old);
    expect(record?.key?.toString()).toBe('key-0');
    expect(envelope?.requestContext).toMatchObject({ condition: 'RecordAgeExceeded', approximateInvokeCount: 0 });
  });

  it('puts a record larger than an event may be aside, in a file when the destination cannot take it either', async () => {
    await scene.send(TOPICS.large, 0, [{ n: 0 }], { key: 'big', value: 'x'.repeat(4_800_000) });
    await scene.send(TOPICS.large, 0, [{ n: 1 }]);
    await scene.untilCommitted(TOPICS.large, 2);
    expect(numbersOf(await scene.calls(TOPICS.large)).flat()).toEqual([1]);
    const lines = (await readFile(join(options.deadLetterDir, `${TOPICS.large.name}.ndjson`), 'utf8'))
      .trim()
      .split('\n');
    expect(lines).toHaveLength(1);
    const { key, value } = JSON.parse(lines[0] ?? '');
    expect(Buffer.from(key, 'base64').toString()).toBe('big');
    expect(value.requestContext.condition).toBe('MaximumPayloadSizeExceeded');
    expect(value.responseContext).toBeNull();
    expect(host.mapping(TOPICS.large.name)?.metrics().EventCount.DroppedEventCount).toBe(1);
  });

  it('counts the end of the function process as a failure of the batch, and goes on in a new one', async () => {
    await scene.send(TOPICS.crashing, 0, [{ n: 0 }, { n: 1, failTimes: 1 }]);
    await scene.untilCommitted(TOPICS.crashing, 2);
    const calls = await scene.calls(TOPICS.crashing);
    expect(numbersOf(calls)).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(new Set(calls.map(({ pid }) => pid)).size).toBe(2);
  });
});
