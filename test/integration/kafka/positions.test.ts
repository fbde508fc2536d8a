import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ExactWriter,
  GZIP,
  type KafkaRecord,
  openKafka,
  openProducer,
  readStretches,
} from '../../../lib/kafka/index.ts';
import { browse } from '../../../lib/operations/browse/index.ts';
import { withAdmin } from '../../../lib/operations/cluster.ts';
import { describeGroup } from '../../../lib/operations/groups.ts';
import { describeTimedGroup } from '../../../lib/operations/lag.ts';
import { readTopic } from '../../../lib/operations/reader.ts';
import { boundsOf } from '../../../lib/operations/topics.ts';
import type { Hosted } from '../../support/hosted.ts';
import { hosted, numbered, Scene } from '../../support/hosted.ts';
import { until } from '../../support/until.ts';

const scene = new Scene();
const { settings } = scene;
const marked = hosted('reports');
const open = hosted('reports');

/** A producer whose transactions end with a marker, which takes an offset that no consumer sees. */
const transactional = async () => {
  const producer = openKafka(settings, { clientId: 'test' }).producer({
    transactionalId: `test-${randomUUID()}`,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  return producer;
};

const messagesOf = (from: number) =>
  numbered(3, from).map((value) => ({ key: `key-${value.n}`, value: JSON.stringify(value), partition: 0 }));

const endOf = async ({ name }: Pick<Hosted, 'name'>): Promise<number> =>
  (await withAdmin(settings, (admin) => boundsOf(admin, name)))[0]?.end ?? 0;

beforeAll(() => scene.open([marked, open]));
afterAll(() => scene.close());

it('a mapping commits past markers and aborted records: its lag ends at 0', async () => {
  const host = await scene.host([marked]);
  const producer = await transactional();
  try {
    const committed = await producer.transaction();
    await committed.send({ topic: marked.name, messages: messagesOf(0) });
    await committed.commit();
    await scene.untilCommitted(marked, 4);
    // Nothing but what no consumer sees.
    const aborted = await producer.transaction();
    await aborted.send({ topic: marked.name, messages: messagesOf(100) });
    await aborted.abort();
    expect(await endOf(marked)).toBe(8);
    await scene.untilCommitted(marked, 8);
    const again = await producer.transaction();
    await again.send({ topic: marked.name, messages: messagesOf(3) });
    await again.commit();
    await scene.untilCommitted(marked, await endOf(marked));
    expect((await scene.seen(marked)).map(({ value }) => value.n)).toEqual([0, 1, 2, 3, 4, 5]);
    const group = await withAdmin(settings, (admin) => describeGroup(admin, marked.consumerGroup));
    expect(group.lag).toBe(0);
    expect(host.mappings()[0]?.metrics().KafkaMetrics).toEqual({ MaxOffsetLag: 0, SumOffsetLag: 0 });
  } finally {
    await producer.disconnect();
    await host.stop();
  }
});

it('a mapping that starts where only markers are left commits past them', async () => {
  const producer = await transactional();
  const aborted = await producer.transaction();
  await aborted.send({ topic: marked.name, messages: messagesOf(200) });
  await aborted.abort();
  await producer.disconnect();
  const host = await scene.host([marked]);
  try {
    await scene.untilCommitted(marked, await endOf(marked));
    expect(host.mappings()[0]?.counters.get('CommitErrorCount')).toBe(0);
  } finally {
    await host.stop();
  }
});

it('a reader ends at an open transaction, and a group that stands before markers has no oldest record', async () => {
  const producer = await transactional();
  try {
    const aborted = await producer.transaction();
    await aborted.send({ topic: open.name, messages: messagesOf(0) });
    await aborted.abort();
    const going = await producer.transaction();
    await going.send({ topic: open.name, messages: messagesOf(0) });
    const group = await describeTimedGroup(settings, marked.consumerGroup);
    expect(group).toMatchObject({ lag: 0, oldestUnread: null });
    expect(await readTopic(settings, open.name, { from: 'beginning', untilEnd: true }, () => true)).toBe(0);
    await going.commit();
    expect(await readTopic(settings, open.name, { from: 'beginning', untilEnd: true }, () => true)).toBe(3);
  } finally {
    await producer.disconnect();
  }
});

const GAP = 40_000;

it('a gap that compaction leaves is passed at once: by readers, consumers and the console, newest first', async () => {
  const topic = `gap-${randomUUID().slice(0, 8)}`;
  const config = { 'cleanup.policy': 'compact', 'segment.ms': '100', 'min.cleanable.dirty.ratio': '0.001' };
  const configEntries = Object.entries({ ...config, 'max.compaction.lag.ms': '100' });
  await withAdmin(settings, (admin) =>
    admin.createTopics({
      topics: [{ topic, numPartitions: 1, configEntries: configEntries.map(([name, value]) => ({ name, value })) }],
    }),
  );
  const producer = openProducer(openKafka(settings, { clientId: 'test' }));
  await producer.connect();
  const messageOf = (key: string) => ({ key, value: `of ${key}` });
  const send = (keys: readonly string[]) =>
    producer.send({
      topic,
      compression: GZIP,
      messages: keys.map((key) => ({ ...messageOf(key), partition: 0 })),
    });
  const survivors = async (): Promise<readonly KafkaRecord[]> => {
    const found: KafkaRecord[] = [];
    const end = await endOf({ name: topic });
    const onRecords = (_: object, records: readonly KafkaRecord[]) => {
      found.push(...records.slice(0, 100));
      return undefined;
    };
    await readStretches(settings, [{ topic, partition: 0, from: 0, end }], onRecords, { clientId: 'test' });
    return found;
  };
  try {
    // One batch, of which only the first record is not written again.
    // Written without kafkajs, which copies what it has of a partition once a message: 20 s for these.
    const keys = ['first', ...Array.from({ length: GAP - 1 }, () => 'again')];
    await withAdmin(settings, async (admin) => {
      const writer = new ExactWriter(settings, admin, { topic, partition: 0 }, topic);
      await writer.append(0, keys.map(messageOf));
      writer.close();
    });
    await until(
      'the log is compacted',
      async () => {
        // A segment is closed, and so may be compacted, when a later record comes.
        await send(['again']);
        await delay(500);
        const some = await survivors();
        return some.length < 100 && some[0]?.offset === 0 && (some[1]?.offset ?? 0) >= GAP;
      },
      { timeoutMs: 120_000 },
    );
    const some = await survivors();
    expect(some[1]?.offset).toBeGreaterThanOrEqual(GAP);
    const page = await browse(settings, { topic, order: 'newest', limit: 100 }, AbortSignal.timeout(30_000));
    expect(page.records.at(-1)?.offset).toBe(0);
    expect(page.cursor).toBeNull();
    // What a consumer fetches until it is behind the gap.
    let fetches = 0;
    // A batch a fetch, so that none brings the next one along.
    const consumer = openKafka(settings, { clientId: 'test' }).consumer({
      groupId: `test-${randomUUID()}`,
      maxBytesPerPartition: 1,
      maxWaitTimeInMs: 50,
    });
    consumer.on(consumer.events.FETCH, () => {
      fetches += 1;
    });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const eachBatch = async ({ batch }: { batch: { lastOffset(): string } }) => {
        if (Number(batch.lastOffset()) >= GAP) resolve();
      };
      consumer.run({ autoCommit: false, eachBatch }).catch(reject);
    });
    await consumer.disconnect();
    expect(fetches).toBeLessThan(100);
  } finally {
    await producer.disconnect();
  }
}, 180_000);
