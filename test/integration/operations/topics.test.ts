import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { openPublisher } from '../../../lib/events/index.ts';
import { onBroker } from '../../../lib/kafka/index.ts';
import { withAdmin } from '../../../lib/operations/cluster.ts';
import { applyTopics, topicDrift } from '../../../lib/operations/topic-apply.ts';
import type { PlannedTopic } from '../../../lib/operations/topic-plan.ts';
import { reportTopic } from '../../../lib/operations/topic-report.ts';
import { createTopic } from '../../../lib/operations/topics.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';

const { settings } = testStack();

it('a cluster comes to agree with what is planned: topics are made, grown and set, and too many partitions stay', async () => {
  const [missing, small, large] = [1, 2, 3].map(() => `drift-${randomUUID()}`);
  const topics = [missing, small, large].map(
    (name = ''): PlannedTopic => ({ name, partitions: 2, retentionMs: 7_000 }),
  );
  await withAdmin(settings, async (admin) => {
    await createTopic(admin, { name: small ?? '', partitions: 1, retentionMs: 9_000 });
    await createTopic(admin, { name: large ?? '', partitions: 3, retentionMs: 7_000 });
    const plan = await topicDrift(admin, topics);
    expect(plan.map(({ topic, repair }) => [topic, repair])).toEqual([
      [missing, 'create'],
      [small, 'grow'],
      [small, 'set'],
      [large, 'none'],
    ]);
    const left = await applyTopics(admin, settings, plan, topics);
    expect(left).toMatchObject([{ topic: large, repair: 'none' }]);
    expect(await topicDrift(admin, topics)).toEqual(left);
    // Once more: every step is harmless when it was done already.
    expect(await applyTopics(admin, settings, left, topics)).toEqual(left);
  });
});

it('a setting given by hand goes back to the default, and the other settings stay as they are', async () => {
  const name = `drift-${randomUUID()}`;
  await withAdmin(settings, async (admin) => {
    await admin.createTopics({
      topics: [
        {
          topic: name,
          numPartitions: 1,
          configEntries: [
            { name: 'retention.ms', value: '7000' },
            { name: 'segment.bytes', value: '1048576' },
            { name: 'min.insync.replicas', value: '1' },
          ],
        },
      ],
    });
    const topics: readonly PlannedTopic[] = [{ name, partitions: 1, retentionMs: 8_000 }];
    const plan = await topicDrift(admin, topics);
    expect(plan.map(({ what, repair }) => [what, repair])).toEqual([
      ['retention.ms', 'set'],
      ['segment.bytes', 'unset'],
    ]);
    expect(await applyTopics(admin, settings, plan, topics)).toEqual([]);
    const { configs } = await reportTopic(admin, settings, name, 5);
    const own = configs.filter(({ isTopics }) => isTopics).map((each) => [each.name, each.value]);
    expect(own).toEqual([
      ['min.insync.replicas', '1'],
      ['retention.ms', '8000'],
    ]);
  });
});

it('a report tells sizes on disk, the rate of the last minutes and the groups of a topic', async () => {
  const name = `report-${randomUUID()}`;
  const publisher = openPublisher(settings);
  await withAdmin(settings, async (admin) => {
    await createTopic(admin, { name, partitions: 2, retentionMs: -1 });
    const value = Buffer.alloc(1_000, 'x');
    await publisher.publishRaw(
      Array.from({ length: 60 }, () => ({ topic: name, key: Buffer.from('k'), value, headers: [] })),
    );
    const report = await until('the broker tells the size', async () => {
      const found = await reportTopic(admin, settings, name, 1);
      return (found.bytes ?? 0) > 0 && found;
    });
    expect(report).toMatchObject({ messages: 60, recordsPerSecond: 1, rateMinutes: 1, groups: [] });
    const [with60, without] = [...report.partitionDetails].sort((a, b) => b.end - a.end);
    expect(with60?.bytes).toBeGreaterThan(60_000);
    expect(without).toMatchObject({ bytes: 0, recordsPerSecond: 0, leader: 1, replicas: [1], inSync: [1] });
    expect(report.bytesOnDisk).toBe(report.bytes);
    const scans = await reportTopic(admin, settings, 'analytics-events', 1);
    expect(scans.groups[0]).toMatchObject({ group: 'analytics-processors', lag: expect.any(Number) });
  }).finally(() => publisher.close());
});

it('what is no broker is told as one that does not answer', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
  const port = await until('it listens', () => {
    const address = server.address();
    return typeof address === 'object' ? address?.port : undefined;
  });
  const asked = onBroker({}, { host: '127.0.0.1', port }, (ask) =>
    ask({ key: 18, version: 0, body: Buffer.alloc(0), read: () => undefined }),
  );
  await expect(asked).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE', failureClass: 'transient' });
  server.close();
});
