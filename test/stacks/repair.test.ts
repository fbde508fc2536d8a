import { mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventOf, openPublisher } from '../../lib/events/index.ts';
import { keysOf } from '../../lib/operations/backup/redis-copy.ts';
import { openRedis, type Redis } from '../../lib/stores/redis.ts';
import { untilCaughtUp } from '../support/caught-up.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { contentOf } from '../support/redis-content.ts';
import { until } from '../support/until.ts';

/** One stack whose cache loses its end, then all of it, in the order of the tests. */

interface Health {
  readonly healthy: boolean;
  readonly cache: { readonly detail: string; readonly next: readonly string[] } | null;
}

interface Repaired {
  readonly topics: readonly {
    readonly topic: string;
    readonly replayed: number;
    readonly appliedAgain: number;
    readonly deadLettered: number;
  }[];
  readonly gaps: readonly { readonly topic: string; readonly from: number; readonly to: number }[];
  readonly keys: number;
  readonly isUnsure: boolean;
}

/** Stops and starts of a stack, and replays, on a busy machine. */
const LONG_MS = 300_000;
const SCANS = 400;
const TOPIC = 'analytics-events';

let stack: OwnStack;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qr-repair-test-'));
  stack = await ownStack('repair');
  await stack.start();
}, LONG_MS);
afterAll(async () => {
  await stack.dispose();
  await rm(folder, { recursive: true, force: true });
});

const publish = async (count: number): Promise<void> => {
  const publisher = openPublisher(stack.settings);
  await publisher.publish(
    ...Array.from({ length: count }, (_, i) =>
      eventOf('qr.scanned', { qrId: `qr-${i % 40}`, userId: `user-${i % 7}`, action: 'scan' }, { source: 'test' }),
    ),
  );
  await publisher.close();
};

const PATIENT = { timeoutMs: 120_000 };

const drained = () => untilCaughtUp(stack.cli, PATIENT.timeoutMs);

const withCache = async <Result>(work: (redis: Redis) => Promise<Result>): Promise<Result> => {
  const redis = openRedis(stack.settings);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Everything that scans have counted; not what the next rollup is to look at, which changes by itself. */
const counters = (): Promise<Record<string, unknown>> =>
  withCache(async (redis) => {
    const found: Record<string, unknown> = {};
    for await (const keys of keysOf(redis)) {
      for (const key of keys.map(String).filter((name) => /^analytics:(code|user):/.test(name))) {
        const content = await contentOf(redis, key);
        // Until when minutes have become rollups, which goes on meanwhile.
        found[key] = isRecord(content) ? { ...content, closed: undefined } : content;
      }
    }
    return found;
  });

const appendOnlyFile = (): string => join(stack.dataDir, 'data', 'redis', 'appendonly.aof');

/** Redis dies, and its file loses everything after a size, as it does of what had not reached the disk. */
const loseEnd = async (size: number): Promise<void> => {
  await stack.kill('redis');
  expect((await stat(appendOnlyFile())).size).toBeGreaterThan(size);
  await truncate(appendOnlyFile(), size);
  await stack.start();
};

const health = async (): Promise<{ code: number | null; said: Health }> => {
  const { code, out } = await stack.cli.run('health', '--json');
  return { code, said: JSON.parse(out) };
};

const ofScans = ({ topics }: Repaired) => topics.find(({ topic }) => topic === TOPIC);

describe('a cache that has lost its end', () => {
  it('is told by health, and repaired by one command: every counter as before', { timeout: LONG_MS }, async () => {
    await publish(SCANS);
    await drained();
    expect(await health()).toMatchObject({ code: 0, said: { healthy: true, cache: null } });
    const { size } = await stat(appendOnlyFile());
    await publish(SCANS);
    await drained();
    const before = await counters();

    // In the middle of a command: Redis drops it as well.
    await loseEnd(size + 7);
    expect(await counters()).not.toEqual(before);
    const sick = await health();
    expect(sick).toMatchObject({ code: 1, said: { healthy: false } });
    expect(sick.said.cache?.detail).toMatch(/^the cache (knows less|has lost)/);
    expect(sick.said.cache?.next[0]).toMatch(/\.\/stream-manager\.sh repair --data-dir .+ --since /);

    const planned = await stack.cli.run('repair', '--since', '1h', '--dry-run');
    expect(planned).toMatchObject({ code: 0, out: expect.stringMatching(/analytics-events[\s\S]*Dry run/) });
    const done = await stack.cli.json<Repaired>('repair', '--since', '1h');
    // Rollups are events of the same topic: a few of them may have been lost and replayed as well.
    expect(ofScans(done)?.appliedAgain).toBeGreaterThanOrEqual(SCANS);
    expect(ofScans(done)?.replayed).toBeGreaterThanOrEqual(2 * SCANS);
    expect(ofScans(done)?.deadLettered).toBe(0);
    expect(done).toMatchObject({ gaps: [], isUnsure: false });
    expect(await counters()).toEqual(before);
    expect(await health()).toMatchObject({ code: 0, said: { healthy: true, cache: null } });

    const again = await stack.cli.json<Repaired>('repair', '--since', '1h');
    expect(ofScans(again)).toMatchObject({ appliedAgain: 0 });
    expect(await counters()).toEqual(before);
  });

  it('is noticed by a function that told it more, and goes back as far as that', { timeout: LONG_MS }, async () => {
    const { size } = await stat(appendOnlyFile());
    await publish(SCANS);
    await drained();
    const before = await counters();
    await loseEnd(size);
    // The functions go on, so that the cache looks up to date again.
    await publish(SCANS);
    await drained();
    const { said } = await health();
    expect(said.cache?.detail).toContain('has lost its newest writes');

    const done = await stack.cli.json<Repaired>('repair', '--since', '1h');
    expect(ofScans(done)?.appliedAgain).toBeGreaterThanOrEqual(SCANS);
    expect(Object.keys(await counters())).toEqual(expect.arrayContaining(Object.keys(before)));
    const total = await withCache((redis) => redis.hget('analytics:code:{qr-0}:total', 'scans'));
    expect(Number(total)).toBe((4 * SCANS) / 40);
    expect((await health()).code).toBe(0);
  });

  it('goes on when it was interrupted, with all mappings polling', { timeout: LONG_MS }, async () => {
    const running = stack.cli.begin('repair', '--since', '1h');
    await until('it pauses', () => running.said().err.includes('Pausing the mappings'), PATIENT);
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    const host = await fetch(`http://127.0.0.1:${stack.ports.functions}/health`);
    const { mappings }: { mappings: { state: string }[] } = JSON.parse(await host.text());
    expect(mappings.filter(({ state }) => state === 'paused')).toEqual([]);
    expect((await health()).said.cache?.detail).toMatch(/has not ended$/);
    const before = await counters();
    expect((await stack.cli.run('repair', '--since', '10m')).code).toBe(0);
    expect(await counters()).toEqual(before);
    expect((await health()).code).toBe(0);
  });
});

describe('a cache that is gone', () => {
  it('comes back from a backup and the records since, exactly', { timeout: LONG_MS }, async () => {
    await stack.cli.json('backup', 'create', folder);
    await publish(SCANS);
    await drained();
    const before = await counters();
    const refused = await stack.cli.run('repair', '--from', folder, '--yes');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('has lost nothing that can be seen') });

    await withCache((redis) => redis.flushall());
    expect((await health()).said.cache).toMatchObject({ detail: expect.stringContaining('the cache is empty') });
    const unasked = await stack.cli.run('repair', '--from', folder);
    expect(unasked).toMatchObject({ code: 1, err: expect.stringContaining('--yes') });
    const done = await stack.cli.json<Repaired>('repair', '--from', folder, '--yes');
    expect(ofScans(done)?.appliedAgain).toBeGreaterThanOrEqual(SCANS);
    expect(ofScans(done)?.deadLettered).toBe(0);
    expect(done.keys).toBeGreaterThan(0);
    expect(await counters()).toEqual(before);
    expect(await health()).toMatchObject({ code: 0, said: { cache: null } });
  });

  it('is said to lack what Kafka has deleted meanwhile', { timeout: LONG_MS }, async () => {
    const { withAdmin } = await import('../../lib/operations/cluster.ts');
    const { boundsOf } = await import('../../lib/operations/topics.ts');
    const bounds = await withAdmin(stack.settings, async (admin) => {
      const found = await boundsOf(admin, TOPIC);
      const partitions = found.map(({ partition, end }) => ({ partition, offset: String(end) }));
      await admin.deleteTopicRecords({ topic: TOPIC, partitions });
      return found;
    });
    await withCache((redis) => redis.flushall());
    const { code, out } = await stack.cli.run('repair', '--from', folder, '--replace', '--yes', '--json');
    expect(code).toBe(1);
    const { gaps }: Repaired = JSON.parse(out);
    expect(gaps.every(({ topic }) => topic === TOPIC)).toBe(true);
    expect(gaps.reduce((sum, { from, to }) => sum + to - from, 0)).toBeGreaterThanOrEqual(SCANS);
    expect(gaps.length).toBeLessThanOrEqual(bounds.length);
    expect((await health()).said.cache).toBeNull();
  });
});

describe('a cache that has lost nothing', () => {
  it('is not suspected where a group was moved forward', { timeout: LONG_MS }, async () => {
    // Shortly after its connection to the cache was lost, a function takes every gap for a loss: these have not lost it.
    await stack.kill('functions');
    await stack.start();
    const pause = (what: string) =>
      fetch(`http://127.0.0.1:${stack.ports.functions}/mappings/${TOPIC}/${what}`, { method: 'POST' });
    await pause('pause');
    await publish(20);
    await stack.cli.json('reset-group', 'analytics-processors', TOPIC, 'to-latest');
    expect((await health()).said.cache).toBeNull();
    await pause('resume');
    await publish(20);
    await drained();
    expect((await health()).said.cache).toBeNull();
  });
});
