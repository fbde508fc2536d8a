import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventOf, openPublisher } from '../../lib/events/index.ts';
import { openPlace, requireManifest } from '../../lib/operations/backup/index.ts';
import { writeManifest } from '../../lib/operations/backup/manifest.ts';
import { RESTORED_PREFIX } from '../../lib/operations/backup/redis-copy.ts';
import { withAdmin } from '../../lib/operations/cluster.ts';
import { pausedTopics } from '../../lib/operations/mappings.ts';
import { listTopics } from '../../lib/operations/topics.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { untilCaughtUp } from '../support/caught-up.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { topicContent } from '../support/restored-topics.ts';
import { until } from '../support/until.ts';

/** A stack whose restore is cut off in every way, in the order of the tests. */

const TOPIC = 'analytics-events';
const PAUSED = 'audit-logs';
const SCANS = 6_000;
const RESTORE_MS = 400_000;
/** What is awaited is caught as it happens, on a busy machine as well. */
const PATIENT = { timeoutMs: 150_000, everyMs: 20 };

let stack: OwnStack;
let folder: string;
/** Of the backup. */
let id: string;
let before: Awaited<ReturnType<typeof topicContent>>;

const hostUrl = (): string => `http://127.0.0.1:${stack.ports.functions}`;
const restoring = () => stack.cli.begin('restore', folder, '--replace', '--yes');
const messages = async (): Promise<number> =>
  (await withAdmin(stack.settings, (admin) => listTopics(admin)).catch(() => [])).find(({ name }) => name === TOPIC)
    ?.messages ?? 0;
const health = async (): Promise<{ healthy: boolean; restore: { isRunning: boolean; next: string } | null }> =>
  JSON.parse((await stack.cli.run('health', '--json')).out);
/** Whether keys are being restored, or were. */
const isInRedis = async (): Promise<boolean> => {
  const redis = openRedis(stack.settings);
  try {
    return (await redis.exists(`${RESTORED_PREFIX}${id}`)) === 1;
  } finally {
    redis.disconnect();
  }
};
/** Until the host answers, its mapping of one topic is paused, and no other. */
const asBefore = (): Promise<unknown> =>
  until(
    'the functions are as they were',
    async () => {
      const paused = await pausedTopics(hostUrl()).catch(() => []);
      return paused.length === 1 && paused[0] === PAUSED;
    },
    PATIENT,
  );

/** Gives a topic of a backup a setting more, as one that a newer Kafka knows would be. */
const withSetting = async (where: string, name: string, setting: string): Promise<void> => {
  const place = openPlace(where, stack.settings);
  const manifest = await requireManifest(place);
  const topics = manifest.topics.map((topic) =>
    topic.name === name ? { ...topic, config: { ...topic.config, [setting]: '1' } } : topic,
  );
  await writeManifest(place, { ...manifest, topics });
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qr-interrupted-'));
  stack = await ownStack('interrupted', { REDIS_MODE: 'cluster' });
  await stack.start();
  const publisher = openPublisher(stack.settings);
  const scans = Array.from({ length: SCANS }, (_, i) =>
    eventOf('qr.scanned', { qrId: `qr-${i % 40}`, userId: `user-${i % 7}`, action: 'scan' }, { source: 'test' }),
  );
  await publisher.publish(...scans);
  await publisher.close();
  await untilCaughtUp(stack.cli, PATIENT.timeoutMs);
  await fetch(`${hostUrl()}/mappings/${PAUSED}/pause`, { method: 'POST' });
  ({ id } = await stack.cli.json<{ id: string }>('backup', 'create', folder));
  before = await topicContent(stack.settings, TOPIC);
}, RESTORE_MS);
afterAll(async () => {
  await stack.dispose();
  await rm(folder, { recursive: true, force: true });
});

it('a mapping that was paused before a backup is paused after it', asBefore);

it.each(['keys of Redis', 'records'])(
  'after Ctrl-C among %s the functions are as they were, and it says how to go on',
  async (step) => {
    const running = restoring();
    const isThere = step === 'records' ? async () => (await messages()) < SCANS : isInRedis;
    await until(`it is among ${step}`, async () => running.child.exitCode !== null || (await isThere()), {
      everyMs: 20,
    });
    running.child.kill('SIGINT');
    const { code, err } = await running.ended;
    expect({ code, err }).toMatchObject({
      code: 130,
      err: expect.stringMatching(/not finished[\s\S]*restore .*--replace --yes/),
    });
    await asBefore();
    const report = await health();
    expect(report).toMatchObject({
      healthy: false,
      restore: { isRunning: false, next: expect.stringContaining(folder) },
    });
    expect((await stack.cli.run('health')).out).toContain('was interrupted');
  },
  RESTORE_MS,
);

it(
  'killed, it is told by health and start, and what goes on with it brings everything back and the functions as they were',
  async () => {
    const running = restoring();
    await until('topics are made anew', async () => running.child.exitCode !== null || (await messages()) < SCANS, {
      everyMs: 20,
    });
    running.child.kill('SIGKILL');
    await running.ended;
    const { healthy, restore } = await health();
    expect({ healthy, restore }).toMatchObject({ healthy: false, restore: { isRunning: false } });
    const started = await stack.cli.run('start');
    expect(started.out).toContain('was interrupted');
    expect(started.err).toContain(restore?.next);
    await asBefore();
    await stack.cli.json('restore', folder, '--replace', '--yes');
    expect(await health()).toMatchObject({ restore: null });
    await asBefore();
    const after = await topicContent(stack.settings, TOPIC);
    expect(after.config).toEqual(before.config);
    // The functions go on: what they publish comes behind what was restored.
    for (const [partition, records] of Object.entries(before.records)) {
      expect(after.records[Number(partition)]?.slice(0, records.length)).toEqual(records);
    }
  },
  RESTORE_MS,
);

it(
  'when the broker is lost half-way it ends with that reason, and goes on once the broker is back',
  async () => {
    // It was restored to its end: what is gone since is what there is to do.
    await stack.cli.run('delete-topic', TOPIC, '--yes');
    const running = restoring();
    await until('records are back', async () => running.child.exitCode !== null || (await messages()) > 0, {
      everyMs: 20,
    });
    await stack.kill('kafka');
    const { code, err } = await running.ended;
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('not finished') });
    await stack.start();
    await stack.cli.json('restore', folder, '--replace', '--yes');
    const after = await topicContent(stack.settings, TOPIC);
    for (const [partition, records] of Object.entries(before.records)) {
      expect(after.records[Number(partition)]?.slice(0, records.length)).toEqual(records);
    }
  },
  RESTORE_MS,
);

it('a backup that this Kafka would not take is found by verify, and restore changes nothing', async () => {
  const name = 'odd-settings';
  await withAdmin(stack.settings, (admin) => admin.createTopics({ topics: [{ topic: name, numPartitions: 1 }] }));
  const own = await mkdtemp(join(tmpdir(), 'qr-refused-'));
  try {
    await stack.cli.json('backup', 'create', own, '--topics', name);
    await withSetting(own, name, 'no.such.setting');
    const verified = await stack.cli.run('backup', 'verify', own);
    expect(verified).toMatchObject({ code: 1, out: expect.stringMatching(/topic odd-settings: .*no\.such\.setting/) });
    const restored = await stack.cli.run('restore', own, '--replace', '--yes');
    expect(restored).toMatchObject({ code: 1, err: expect.stringMatching(/cannot be restored: topic odd-settings/) });
    expect((await stack.cli.json<{ name: string }[]>('topics')).map((each) => each.name)).toContain(name);
  } finally {
    await rm(own, { recursive: true });
  }
});
