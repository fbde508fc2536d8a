import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openPublisher, type RawRecord } from '../../../lib/events/index.ts';
import {
  backupsIn,
  type CreateOptions,
  createBackup,
  obstaclesTo,
  openPlace,
  planRestore,
  requireManifest,
  restoreBackup,
} from '../../../lib/operations/backup/index.ts';
import { withAdmin } from '../../../lib/operations/cluster.ts';
import { readSpans } from '../../../lib/operations/read-spans.ts';
import { boundsOf, createTopic } from '../../../lib/operations/topics.ts';
import { cliWith } from '../../support/cli.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';

const { settings, dataDir } = testStack();
const cli = cliWith({ QR_DATA_DIR: dataDir });
const topic = `backup-${randomUUID()}`;
const group = `${topic}-readers`;
const PARTITIONS = 2;
const EACH = 400;
/** Every reader forms a group of its own, which takes seconds on a busy machine. */
const BUSY_MS = 120_000;

const address = `s3://${settings.bucket}/backup-tests/${randomUUID()}`;
const place = openPlace(address, settings);
afterAll(() => place.close());

const ignore = () => undefined;
const options = (more: Partial<CreateOptions> = {}): CreateOptions => ({
  topics: [topic],
  parts: [],
  quietly: async (work) => ({ result: await work(), wasQuiet: false }),
  onProgress: ignore,
  ...more,
});

const publish = async (size = 10): Promise<void> => {
  const publisher = openPublisher(settings);
  const records = Array.from({ length: EACH * PARTITIONS }, (_, i): RawRecord => {
    const value = Buffer.concat([Buffer.from(`${i} `), Buffer.alloc(size, i)]);
    return { topic, key: Buffer.from(`k${i}`), value, headers: [['n', Buffer.from([i % 256])]], partition: i % 2 };
  });
  await publisher.publishRaw(records);
  await publisher.close();
};

const everything = async () => {
  const bounds = await withAdmin(settings, (admin) => boundsOf(admin, topic));
  const found = new Map<string, string>();
  await readSpans(
    settings,
    bounds.map(({ partition, begin, end }) => ({ topic, partition, from: begin, end })),
    async ({ partition }, records) => {
      for (const record of records)
        found.set(`${partition}/${record.offset}`, JSON.stringify({ ...record, timestamp: String(record.timestamp) }));
    },
  );
  return found;
};

it(
  'a topic goes into a bucket, in parts when it is stopped, by one at a time, and comes back with its groups',
  async () => {
    await withAdmin(settings, (admin) => createTopic(admin, { name: topic, partitions: PARTITIONS, retentionMs: -1 }));
    await publish();
    await withAdmin(settings, (admin) =>
      admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 1, offset: '123' }] }),
    );

    // One that is stopped half-way leaves what the next one need not read again.
    const stop = new AbortController();
    const stopped = createBackup(settings, place, options({ signal: stop.signal, onProgress: () => stop.abort() }));
    await expect(stopped).rejects.toThrow(/was stopped before it was whole/);
    expect((await backupsIn(place)).whole).toEqual([]);
    await expect(requireManifest(place)).rejects.toThrow(/begun and not finished/);

    const ends = await Promise.allSettled([
      createBackup(settings, place, options()),
      createBackup(settings, place, options()),
    ]);
    const made = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    expect(made).toMatchObject([{ wasContinued: true }]);
    expect(made[0]?.copied).toBeLessThan(EACH * PARTITIONS);
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    expect(refused).toMatchObject([{ code: 'REFUSED', message: expect.stringContaining(address) }]);

    await publish(20);
    const second = await createBackup(settings, place, options());
    expect(second).toMatchObject({ copied: EACH * PARTITIONS, manifest: { on: made[0]?.manifest.id } });
    const manifest = await requireManifest(place);
    expect(await obstaclesTo(place, manifest, settings, ignore)).toEqual([]);
    const listed = await cli.json<{ backups: { id: string; records: number }[] }>('backup', 'list', address);
    expect(listed.backups.map(({ records }) => records)).toEqual([EACH * PARTITIONS, 2 * EACH * PARTITIONS]);

    const before = await everything();
    await withAdmin(settings, async (admin) => {
      await admin.deleteTopics({ topics: [topic] });
      await until('the topic is gone', async () => !(await admin.listTopics()).includes(topic));
    });
    const plan = () => planRestore(settings, place, manifest, { topics: [topic], parts: [] });
    expect(await plan()).toMatchObject({ topics: [{ state: 'make' }], redis: 'not wanted', objects: 'not wanted' });
    const wanted = { topics: [topic], parts: [], replace: false, onProgress: ignore } as const;
    const restored = await restoreBackup(settings, place, manifest, await plan(), wanted);
    expect(restored).toMatchObject({ records: 2 * EACH * PARTITIONS, groups: 1 });
    expect(await everything()).toEqual(before);
    const offsets = await withAdmin(settings, (admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
    expect(offsets[0]?.partitions.find(({ partition }) => partition === 1)?.offset).toBe('123');
    expect((await plan()).topics).toMatchObject([{ state: 'done' }]);
  },
  BUSY_MS,
);
