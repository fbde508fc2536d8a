import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BACKUP } from '../../lib/catalog/index.ts';
import { eventOf, openPublisher, openRegistry } from '../../lib/events/index.ts';
import { groupStates } from '../../lib/operations/backup/cluster-state.ts';
import { LOCK } from '../../lib/operations/backup/lock.ts';
import { keysOf } from '../../lib/operations/backup/redis-copy.ts';
import { schemasIn } from '../../lib/operations/backup/schemas-copy.ts';
import { withAdmin } from '../../lib/operations/cluster.ts';
import { readSpans } from '../../lib/operations/read-spans.ts';
import { boundsOf, listTopics } from '../../lib/operations/topics.ts';
import { environmentOf } from '../../lib/settings.ts';
import { openObjects } from '../../lib/stores/objects.ts';
import { openRedis, type Redis } from '../../lib/stores/redis.ts';
import { untilCaughtUp } from '../support/caught-up.ts';
import { contextFor } from '../support/delivery.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { isRunning } from '../support/processes.ts';
import { until } from '../support/until.ts';

/** One stack that is loaded, copied, wiped and brought back, in the order of the tests. */

const SCANS = 1_500;
const TOPIC = 'analytics-events';
/** Stops, starts and restores a stack several times over; on a busy machine that takes its time. */
const RESTORE_MS = 300_000;

interface BackupSaid {
  readonly id: string;
  readonly on: string | null;
  readonly copied: number;
  readonly records: number;
}

let stack: OwnStack;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qr-backup-test-'));
  // Keys over slots, as in AWS.
  stack = await ownStack('backup', { REDIS_MODE: 'cluster' });
  await stack.start();
});
afterAll(async () => {
  await stack.dispose();
  await rm(folder, { recursive: true, force: true });
});

const stopFunctions = async (): Promise<void> => {
  const pid = stack.pid('functions');
  process.kill(pid, 'SIGTERM');
  await until('the functions are stopped', () => !isRunning(pid));
};

const publish = async (count: number): Promise<void> => {
  const publisher = openPublisher(stack.settings);
  const scans = Array.from({ length: count }, (_, i) =>
    eventOf('qr.scanned', { qrId: `qr-${i % 40}`, userId: `user-${i % 7}`, action: 'scan' }, { source: 'test' }),
  );
  await publisher.publish(...scans);
  const name = 'again';
  await publisher.publishRaw([
    { topic: TOPIC, key: null, value: Buffer.from([0, 1, 2]), headers: [], partition: 3 },
    { topic: TOPIC, key: Buffer.from([255, 0]), value: null, headers: [[name, Buffer.from('a')]], partition: 3 },
    {
      topic: TOPIC,
      key: Buffer.alloc(0),
      value: Buffer.alloc(0),
      headers: [
        [name, Buffer.from('a')],
        [name, Buffer.from([0, 255])],
      ],
      partition: 3,
    },
  ]);
  await publisher.close();
};

/** The value of a key by its type: hashes and sets have no order, and their DUMP has another one in another process. */
const READ: Readonly<Record<string, (redis: Redis, key: Buffer) => Promise<unknown>>> = {
  string: async (redis, key) => (await redis.getBuffer(key))?.toString('base64'),
  hash: async (redis, key) => Object.entries(await redis.hgetall(key)).sort(),
  set: async (redis, key) => (await redis.smembers(key)).sort(),
  zset: (redis, key) => redis.zrange(key, 0, -1, 'WITHSCORES'),
  list: (redis, key) => redis.lrange(key, 0, -1),
  stream: (redis, key) => redis.xrange(key, '-', '+'),
};

/** Keys that end before so long may end while the test runs. */
const LASTING_MS = 30 * 60_000;

/** Everything there is, to the byte, without when exactly a key ends: what Redis tells of it varies by a millisecond. */
const everything = async () => {
  const { settings } = stack;
  const spans = await withAdmin(settings, async (admin) => {
    const topics = await listTopics(admin);
    const found = await Promise.all(
      topics.map(async ({ name }) =>
        (await boundsOf(admin, name)).map(({ partition, begin, end }) => ({
          topic: name,
          partition,
          from: begin,
          end,
        })),
      ),
    );
    return found.flat();
  });
  const records: Record<string, string> = {};
  await readSpans(settings, spans, async ({ topic, partition }, some) => {
    for (const record of some)
      records[`${topic}/${partition}/${record.offset}`] = JSON.stringify({
        ...record,
        timestamp: String(record.timestamp),
      });
  });
  const names = [...new Set(spans.map(({ topic }) => topic))];
  const groups = await withAdmin(settings, (admin) => groupStates(admin, names));
  const redis = openRedis(settings);
  const objects = openObjects(settings);
  const keys: Record<string, { type: string; endsAt: number | null; value: unknown }> = {};
  for await (const some of keysOf(redis)) {
    for (const key of some) {
      const [type, ttl] = [await redis.type(key), await redis.pttl(key)];
      if (ttl >= 0 && ttl < LASTING_MS) continue;
      const minutes = Math.round(ttl / 60_000 + Date.now() / 60_000);
      keys[key.toString('latin1')] = { type, endsAt: ttl < 0 ? null : minutes, value: await READ[type]?.(redis, key) };
    }
  }
  const files = Object.fromEntries(
    await Promise.all(
      (await objects.list('')).map(async (key) => [key, (await objects.get(key))?.toString('base64')] as const),
    ),
  );
  redis.disconnect();
  objects.close();
  return { records, groups, keys, files, schemas: await schemasIn(openRegistry(settings)) };
};

/** The minute a key ends as it is now, where that is within one of what it was. */
const about = (now: number | null | undefined, { endsAt }: { endsAt: number | null }): number | null =>
  endsAt !== null && typeof now === 'number' && Math.abs(now - endsAt) <= 1 ? now : endsAt;

let before: Awaited<ReturnType<typeof everything>>;

it('a running stack is copied, then only what is new since then', async () => {
  await publish(SCANS);
  await untilCaughtUp(stack.cli, 30_000);
  const first = await stack.cli.json<BackupSaid>('backup', 'create', folder);
  expect(first.on).toBeNull();
  expect(first.copied).toBe(first.records);
  expect(first.records).toBeGreaterThanOrEqual(SCANS + 3);

  await stopFunctions();
  await publish(50);
  // As after its retention: the topic no longer begins at 0.
  await withAdmin(stack.settings, async (admin) => {
    await boundsOf(admin, TOPIC);
    await admin.deleteTopicRecords({ topic: TOPIC, partitions: [{ partition: 3, offset: '2' }] });
  });
  before = await everything();
  const second = await stack.cli.json<BackupSaid>('backup', 'create', folder, '--no-pause');
  expect(second.on).toBe(first.id);
  expect(second.copied).toBeGreaterThanOrEqual(53);
  expect(second.copied).toBeLessThan(SCANS);
  expect(second.records).toBe(Object.keys(before.records).length);
  expect((await stack.cli.run('backup', 'verify', folder)).code).toBe(0);
});

it('the function of AWS makes one when it is due, and only then', async () => {
  const own = join(folder, '..', `${folder.split('/').at(-1)}-function`);
  const wanted = { BACKUP_PLACE: own, BACKUP_EVERY_MINUTES: '60', BACKUP_FULL_AFTER_DAYS: '7' };
  Object.assign(process.env, environmentOf(stack.settings), wanted, { BACKUP_PARTS: 'schemas,redis' });
  const { handler } = await import('../../lib/operations/backup/function.ts');
  const call = () => handler({}, contextFor('backup', BACKUP.function.timeoutSeconds * 1_000));
  expect(await call()).toMatchObject({ state: 'made', on: null });
  expect(await call()).toEqual({ state: 'not due' });
  const { backups } = await stack.cli.json<{ backups: { records: number; keys: number }[] }>('backup', 'list', own);
  expect(backups).toMatchObject([{ records: Object.keys(before.records).length, keys: expect.any(Number) }]);
  await rm(own, { recursive: true });
});

it('a half-written backup is none, and is finished by the next call', async () => {
  const copy = join(folder, '..', `${folder.split('/').at(-1)}-half`);
  await cp(folder, copy, { recursive: true });
  // Beside the backups there lies their lock.
  const ids = (await readdir(copy)).filter((name) => !name.startsWith(LOCK)).sort();
  const [first, last] = [ids[0] ?? '', ids.at(-1) ?? ''];
  await rm(join(copy, first, 'manifest.json'));
  await rm(join(copy, last), { recursive: true });
  const [topic] = await readdir(join(copy, first, 'records'));
  await rm(join(copy, first, 'records', topic ?? ''), { recursive: true });
  const refused = await stack.cli.run('restore', copy, '--yes');
  expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/begun and not finished[\s\S]*backup create/) });
  const finished = await stack.cli.json<BackupSaid>('backup', 'create', copy, '--no-pause');
  expect(finished.id).toBe(first);
  expect(finished.records).toBe(Object.keys(before.records).length);
  expect(finished.copied).toBeLessThan(finished.records);
  expect((await stack.cli.run('backup', 'verify', copy)).code).toBe(0);
  await rm(copy, { recursive: true });
});

it('a byte that was changed is found, with the file it is in', async () => {
  const names = await readdir(folder, { recursive: true });
  const file = names.find((name) => name.includes(`records/${TOPIC}/`) && name.endsWith('.avro')) ?? '';
  const path = join(folder, file);
  const bytes = await readFile(path);
  const changed = Buffer.from(bytes);
  changed[bytes.length - 20] = (changed[bytes.length - 20] ?? 0) ^ 1;
  await writeFile(path, changed);
  const { code, out } = await stack.cli.run('backup', 'verify', folder);
  expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining(file) });
  await writeFile(path, bytes);
});

it(
  'a wiped stack gets everything back, however often it is tried, and works on from there',
  async () => {
    await stack.cli.run('stop', '--wipe', '--yes');
    await stack.start();
    await stopFunctions();
    const refused = await stack.cli.run('restore', folder, '--replace');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('--yes') });

    const killed = stack.cli.begin('restore', folder, '--replace', '--yes');
    await until('the first records are back', async () => {
      const topics = await withAdmin(stack.settings, (admin) => listTopics(admin));
      return killed.child.exitCode !== null || (topics.find(({ name }) => name === TOPIC)?.messages ?? 0) > 0;
    });
    killed.child.kill('SIGKILL');
    await killed.ended;

    await stack.cli.json('restore', folder, '--replace', '--yes');
    const after = await everything();
    expect(after.schemas).toEqual(before.schemas);
    expect(after.records).toEqual(before.records);
    expect(after.groups).toEqual(before.groups);
    expect(after.keys).toEqual(
      Object.fromEntries(
        Object.entries(before.keys).map(([name, key]) => [
          name,
          { ...key, endsAt: about(after.keys[name]?.endsAt, key) },
        ]),
      ),
    );
    expect(after.files).toEqual(before.files);

    const again = await stack.cli.json('restore', folder, '--yes');
    expect(again).toMatchObject({ records: 0, groups: 0, keys: 0, objects: 0 });
    expect((await everything()).records).toEqual(before.records);

    await stack.start();
    await until('what was not worked is worked', async () => {
      const groups = await stack.cli.json<{ group: string; lag: number }[]>('groups');
      return groups.find(({ group }) => group === 'analytics-processors')?.lag === 0;
    });
  },
  RESTORE_MS,
);
