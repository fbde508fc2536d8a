import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CONNECT_TOPICS } from '../../../lib/catalog/index.ts';
import { headersToWrite, MARKERS_UP_TO, openKafka, openProducer } from '../../../lib/kafka/index.ts';
import { chosenTopics } from '../../../lib/operations/backup/cluster-state.ts';
import { commitFor } from '../../../lib/operations/backup/commit.ts';
import { withAdmin } from '../../../lib/operations/cluster.ts';
import { boundsOf } from '../../../lib/operations/topics.ts';
import { runPython } from '../../support/python.ts';
import {
  backUp,
  deleteTopics,
  makeTopic,
  type ScriptRecord,
  type ScriptStep,
  type TopicBackup,
  topicContent,
  writeScript,
} from '../../support/restored-topics.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';

const { settings } = testStack();
const made = new Set<string>();
const backups = new Set<TopicBackup>();

afterAll(async () => {
  await deleteTopics(settings, [...made]);
  for (const backup of backups) await backup.dispose();
});

const newTopic = async (kind: string, config: Record<string, string> = {}, partitions = 1): Promise<string> => {
  const topic = `${kind}-${randomUUID().slice(0, 8)}`;
  await makeTopic(settings, topic, config, partitions);
  made.add(topic);
  return topic;
};

/** Backs topics up, and deletes them. */
const takenAway = async (...topics: string[]): Promise<TopicBackup> => {
  const backup = await backUp(settings, topics);
  backups.add(backup);
  await deleteTopics(settings, topics);
  return backup;
};

/** What the topic was, and what it is after it was deleted and restored. */
const restored = async (topic: string) => {
  const before = await topicContent(settings, topic);
  await (await takenAway(topic)).restore();
  return { before, after: await topicContent(settings, topic) };
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const record = (value: string, more: Partial<ScriptRecord> = {}): ScriptRecord => ({
  ...{ partition: 0, key: base64('k'), value: base64(value), timestamp: 1_700_000_000_000, headers: [] },
  ...more,
});

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const bytes = fc
  .oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(80_000).map((size) => new Uint8Array(size).fill(97)),
  )
  .map((array) => Buffer.from(array).toString('base64'));
const maybeBytes: fc.Arbitrary<string | null> = fc.option(bytes);
const header: fc.Arbitrary<readonly [string, string | null]> = fc.tuple(
  fc.constantFrom('x', 'y', '__proto__', '', '10'),
  maybeBytes,
);
const anyRecord: fc.Arbitrary<ScriptRecord> = fc.record({
  partition: fc.nat(1),
  key: maybeBytes,
  value: maybeBytes,
  timestamp: fc.integer({ min: 1, max: 1_790_000_000_000 }),
  headers: fc.array(header, { maxLength: 4 }),
});
const anyStep: fc.Arbitrary<ScriptStep> = fc.record({
  codec: fc.constantFrom(...CODECS),
  end: fc.constantFrom('none' as const, 'commit' as const, 'abort' as const),
  records: fc.array(anyRecord, { minLength: 1, maxLength: 40 }),
});
const anyConfig = fc.constantFrom<Record<string, string>>(
  {},
  { 'message.timestamp.type': 'LogAppendTime' },
  { 'compression.type': 'zstd', 'retention.ms': '-1' },
  { 'cleanup.policy': 'delete', 'retention.bytes': '100000000', 'max.message.bytes': '2000000' },
);

describe('a restored topic', () => {
  it('is what it was, whatever was written to it, with whichever codecs, in transactions or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 2, maxLength: 8 }), anyConfig, async (steps, config) => {
        const topic = await newTopic('any', config, 2);
        await writeScript(settings, topic, steps);
        const { before, after } = await restored(topic);
        expect(after).toEqual(before);
      }),
      // Each run writes, copies, deletes and restores a topic: to make a failing script smaller takes too long.
      { numRuns: 4, endOnFailure: true },
    );
  }, 240_000);

  it('has gaps where compaction has left some, and is compacted again only when all is there', async () => {
    const config = {
      ...{ 'cleanup.policy': 'compact,delete', 'segment.ms': '100', 'min.cleanable.dirty.ratio': '0.001' },
      ...{ 'min.compaction.lag.ms': '0', 'delete.retention.ms': '0', 'retention.ms': '-1' },
    };
    const topic = await newTopic('compacted', config);
    for (let round = 0; round < 4; round += 1) {
      // Kafka begins a new segment by the times of the records; the newest one it does not compact.
      const timestamp = 1_700_000_000_000 + round * 60_000;
      const records = Array.from({ length: 50 }, (_, i) =>
        record(`${round}`, { key: base64(`key-${i % 7}`), timestamp }),
      );
      await writeScript(settings, topic, [{ codec: 'lz4', end: 'none', records }]);
    }
    const content = await until(
      'it is compacted',
      async () => {
        const found = await topicContent(settings, topic);
        return (found.records[0]?.length ?? 0) <= 57 && found;
      },
      { timeoutMs: 90_000, everyMs: 500 },
    );
    await (await takenAway(topic)).restore();
    const after = await topicContent(settings, topic);
    // Compaction goes on in both: what was newest of each key stays where it was.
    expect({ ...after, records: {} }).toEqual({ ...content, records: {} });
    expect(content.records[0]).toEqual(expect.arrayContaining(after.records[0] ?? []));
    expect(after.records[0]?.slice(-7)).toEqual(content.records[0]?.slice(-7));
  }, 120_000);

  it('keeps the times the broker gave to its records', async () => {
    const topic = await newTopic('append', { 'message.timestamp.type': 'LogAppendTime' });
    await writeScript(settings, topic, [{ codec: 'none', end: 'none', records: [record('a'), record('b')] }]);
    const { before, after } = await restored(topic);
    expect(after).toEqual(before);
    expect(after.config).toEqual({ 'message.timestamp.type': 'LogAppendTime' });
  });

  it('has times of 64 bits, negative ones too, under any limits', async () => {
    const topic = await newTopic('times', { 'message.timestamp.after.max.ms': '9223372036854775807' });
    const producer = openProducer(openKafka(settings, { clientId: 'test' }));
    await producer.connect();
    const times = ['-5', '1780000000123456789', '0', '9223372036854775000', '-9000000000000000000'];
    const messages = times.map((timestamp) => ({ value: timestamp, timestamp, headers: headersToWrite([]) }));
    await producer.send({ topic, messages });
    await producer.disconnect();
    await withAdmin(settings, (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            ...{ type: 2, name: topic },
            configEntries: [
              { name: 'message.timestamp.after.max.ms', value: '1' },
              { name: 'message.timestamp.before.max.ms', value: '1' },
              { name: 'retention.ms', value: '-1' },
            ],
          },
        ],
      }),
    );
    const { before, after } = await restored(topic);
    expect(before.records[0]?.map(({ timestamp }) => timestamp)).toEqual(times);
    expect(after).toEqual(before);
  });

  it('may have batches and records that are larger than its limit when they are opened', async () => {
    const topic = await newTopic('large', { 'max.message.bytes': '200000' });
    const large = Array.from({ length: 30 }, (_, i) => record(`${i}`.repeat(100_000)));
    await writeScript(settings, topic, [
      { codec: 'lz4', end: 'none', records: large },
      { codec: 'zstd', end: 'commit', records: [record('x'.repeat(20_000_000)), record('y')] },
    ]);
    const { before, after } = await restored(topic);
    expect(before.records[0]).toHaveLength(32);
    expect(after).toEqual(before);
  });

  it('begins where it began, also where all of it was deleted, and groups stand where they stood', async () => {
    const topic = await newTopic('deleted', {}, 3);
    const group = `${topic}-group`;
    const records = [0, 1, 2].flatMap((partition) =>
      Array.from({ length: 60 }, (_, i) => record(`${i}`, { partition })),
    );
    await writeScript(settings, topic, [{ codec: 'none', end: 'commit', records }]);
    await withAdmin(settings, async (admin) => {
      // kafkajs must know the topic before it finds the leaders of its partitions.
      await boundsOf(admin, topic);
      await admin.deleteTopicRecords({
        topic,
        partitions: [
          { partition: 0, offset: '40' },
          { partition: 1, offset: '61' },
        ],
      });
    });
    // At the end, behind the marker; inside; at the marker.
    const places = [61, 61, 60].map((offset, partition) => ({ topic, partition, offset }));
    await commitFor(settings, group, places);
    const { before, after } = await restored(topic);
    expect(before.bounds).toEqual([
      { partition: 0, begin: 40, end: 61 },
      { partition: 1, begin: 61, end: 61 },
      { partition: 2, begin: 0, end: 61 },
    ]);
    expect(after).toEqual(before);
    const offsets = await withAdmin(settings, (admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
    expect(offsets[0]?.partitions.map(({ offset }) => Number(offset)).sort()).toEqual([60, 61, 61]);
  });

  it('shows a reader of uncommitted records nothing in small gaps, and empty records in large ones', async () => {
    const topic = await newTopic('gaps');
    const many = Array.from({ length: MARKERS_UP_TO + 500 }, () => record('aborted', { value: null }));
    await writeScript(settings, topic, [
      { codec: 'none', end: 'commit', records: [record('first')] },
      { codec: 'none', end: 'abort', records: [record('aborted'), record('aborted')] },
      { codec: 'none', end: 'commit', records: [record('second')] },
      { codec: 'gzip', end: 'abort', records: many },
      { codec: 'none', end: 'none', records: [record('third')] },
      { codec: 'none', end: 'abort', records: [record('aborted')] },
    ]);
    const { before, after } = await restored(topic);
    expect(after).toEqual(before);
    expect(after.records[0]).toHaveLength(3);
    const read = async (isolation: string): Promise<readonly [number, number, number, boolean, boolean][]> =>
      (await runPython('test/python/read_records.py', [settings.brokers.join(','), topic, isolation]))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect((await read('read_committed')).map(([, offset]) => offset)).toEqual(
      before.records[0]?.map(({ offset }) => offset),
    );
    const uncommitted = await read('read_uncommitted');
    const empty = uncommitted.filter(([, , , hasKey, hasValue]) => !hasKey && !hasValue);
    expect(uncommitted.length - empty.length).toBe(3);
    // The large gap: its aborted records, and its marker together with that of the record before.
    expect(empty.length).toBe(MARKERS_UP_TO + 500 + 1);
    expect(new Set(empty.map(([, , time]) => time))).toEqual(new Set([-1]));
  });
});

describe('a restore that is interrupted', () => {
  it.each([1, 700, 2_300])('after %i records goes on where it was', async (after) => {
    const topic = await newTopic('halted', {}, 2);
    const steps = Array.from({ length: 60 }, (_, i): ScriptStep => {
      const records = Array.from({ length: 50 }, (_, j) => record(`${i}-${j}`, { partition: j % 2 }));
      return { codec: 'none', end: i % 3 === 0 ? 'abort' : 'commit', records };
    });
    await writeScript(settings, topic, steps);
    const before = await topicContent(settings, topic);
    const backup = await takenAway(topic);
    const stop = new AbortController();
    const onRecords = (done: number): void => {
      if (done >= Math.min(after, 1_900)) stop.abort();
    };
    await expect(backup.restore({ signal: stop.signal, onRecords })).rejects.toMatchObject({ code: 'REFUSED' });
    await backup.restore();
    expect(await topicContent(settings, topic)).toEqual(before);
  });

  it('refuses to go on when something was written meanwhile, and starts over when told to', async () => {
    const topic = await newTopic('written');
    const step = (i: number): ScriptStep => ({ codec: 'none', end: 'commit', records: [record(`${i}`)] });
    await writeScript(
      settings,
      topic,
      Array.from({ length: 30 }, (_, i) => step(i)),
    );
    const before = await topicContent(settings, topic);
    const backup = await takenAway(topic);
    const stop = new AbortController();
    const onRecords = (done: number): void => (done >= 10 ? stop.abort() : undefined);
    await expect(backup.restore({ signal: stop.signal, onRecords })).rejects.toMatchObject({ code: 'REFUSED' });
    await writeScript(settings, topic, [{ codec: 'none', end: 'none', records: [record('foreign')] }]);
    await expect(backup.restore()).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining(topic),
      next: expect.stringContaining('--replace'),
    });
    await backup.restore({ replace: true });
    expect(await topicContent(settings, topic)).toEqual(before);
  });
});

it('a backup has topics whose names look internal and are not, and none that are', async () => {
  const names = ['connect-mine', '__mine', '_schemas-of-mine', 'kafkasql-mine', 'connect-configs-2'];
  for (const name of names) {
    await makeTopic(settings, name);
    made.add(name);
  }
  const chosen = await withAdmin(settings, (admin) => chosenTopics(admin));
  expect(chosen).toEqual(expect.arrayContaining(names));
  for (const name of ['__consumer_offsets', '__transaction_state', ...Object.values(CONNECT_TOPICS)])
    expect(chosen).not.toContain(name);
  const steps: ScriptStep[] = [{ codec: 'none', end: 'none', records: [record('one')] }];
  for (const name of names) await writeScript(settings, name, steps);
  const before = await Promise.all(names.map((name) => topicContent(settings, name)));
  await (await takenAway(...names)).restore();
  expect(await Promise.all(names.map((name) => topicContent(settings, name)))).toEqual(before);
});
