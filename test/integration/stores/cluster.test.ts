import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { readTotals } from '../../../handlers/analytics-events/analytics-state.ts';
import { topic } from '../../../lib/catalog/index.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { applyOnce, identityOf, statusesOf, writeUnlessThere } from '../../../lib/idempotency/index.ts';
import { updatesOf } from '../../../lib/operations/updates-feed.ts';
import { openLease } from '../../../lib/scheduler/lease.ts';
import { openSchedule } from '../../../lib/scheduler/schedule.ts';
import { deleteLetters, letterWrites, readLetters } from '../../../lib/stores/dead-letters/index.ts';
import { hashTag } from '../../../lib/stores/hash-tag.ts';
import { openObjects } from '../../../lib/stores/objects.ts';
import { openRedis } from '../../../lib/stores/redis.ts';
import { appendUpdate } from '../../../lib/stores/updates.ts';
import { keepUserName, readUserNames } from '../../../lib/stores/user-names.ts';
import { count } from '../../../lib/stores/writes.ts';
import { redisCluster } from '../../support/redis-cluster.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import { newCode, newWorld } from '../analytics-events/world.ts';

const servers = await redisCluster(3);
const stopAll = () => Promise.all(servers.map(({ stop }) => stop()));
const settings = {
  ...testStack().settings,
  redisUrl: `redis://127.0.0.1:${servers[1]?.port}`,
  redisMode: 'cluster',
} as const;
const redis = openRedis(settings);
const objects = openObjects(settings);
const world = newWorld(undefined, settings);
afterAll(async () => {
  await closeConnections(world.connections);
  redis.disconnect();
  objects.close();
  await stopAll();
});

const ANALYTICS = topic('analytics-events');
const entryOf = (id: string, offset: number) => {
  const [record, log] = [
    { topic: ANALYTICS.name, partition: 0, offset, timestamp: 0, key: Buffer.from(id), value: null, headers: [] },
    { births: [], start: 0, first: 0 },
  ];
  const identity = identityOf(record, undefined);
  return { id, tag: identity.tag, identity, log };
};

/** Enough that each node has some of them. */
const some = (): string[] => Array.from({ length: 40 }, () => randomUUID());
const keysOnNodes = (): Promise<number[]> => Promise.all(servers.map(({ admin }) => admin.dbsize()));

describe('on three nodes', () => {
  it('the bookkeeping of owners and their writes lie with them, and take effect once', async () => {
    const entries = some().map((id, offset) => entryOf(id, offset));
    const apply = () =>
      Promise.all(
        entries.map(async (entry) => {
          const { id, tag } = entry;
          const settled = await applyOnce(redis, ANALYTICS, tag, [entry], [keepUserName(id, `name of ${id}`)]);
          return settled.size;
        }),
      );
    expect(new Set(await apply())).toEqual(new Set([0]));
    expect(new Set(await apply())).toEqual(new Set([1]));
    expect(new Set((await statusesOf(redis, ANALYTICS, entries)).map(({ status }) => status))).toEqual(
      new Set(['applied']),
    );
    const nameOf = await readUserNames(
      redis,
      entries.map(({ id }) => id),
    );
    expect(entries.every(({ id }) => nameOf(id) === `name of ${id}`)).toBe(true);
    for (const keys of await keysOnNodes()) expect(keys).toBeGreaterThan(0);
  });

  it('a script refuses keys of another owner, wherever they lie', async () => {
    const [a = '', b = ''] = some();
    const foreign = { key: `test:${hashTag(b)}`, expiresAt: 4_000_000_000 };
    await expect(writeUnlessThere(redis, `test:${hashTag(a)}`, [keepUserName(b, 'b')])).rejects.toThrow(/slot/);
    const entry = entryOf(a, 1);
    const both = applyOnce(redis, ANALYTICS, entry.tag, [entry], [count([foreign], ['n', 1])]);
    await expect(both).rejects.toThrow(/slot/);
    expect(await redis.exists(foreign.key)).toBe(0);
    expect(await statusesOf(redis, ANALYTICS, [entry])).toMatchObject([{ status: 'open' }]);
  });

  it('scans of many codes and users are counted once, in one batch', async () => {
    const scans = some().flatMap((qrId) => {
      const { scan } = newCode(qrId, `user-of-${qrId}`);
      return [1, 2].map((n) => scan({ ip: `203.0.113.${n}` }));
    });
    for (let i = 0; i < 2; i += 1) expect(await world.deliver(...scans)).toEqual({ batchItemFailures: [] });
    for (const { payload } of scans.slice(0, 10)) {
      const id = payload.qrId ?? '';
      expect(await readTotals(redis, { kind: 'code', id })).toMatchObject({ scans: 2, visitors: 2 });
      expect(await readTotals(redis, { kind: 'user', id: `user-of-${id}` })).toMatchObject({ scans: 2 });
    }
  });

  it('dead letters are filed, read and deleted', async () => {
    const now = new Date().toISOString();
    const letters = some()
      .slice(0, 5)
      .map((id) => ({
        ...({ id, topic: 'notifications', partition: 0, offset: 1, consumer: 'test', message: 'a test' } as const),
        ...({ shape: 'ours', errorClass: 'permanent', code: 'INVALID_EVENT', redrivable: true } as const),
        ...{ attempts: 1, redriveCount: 0, firstFailure: now, lastFailure: now },
      }));
    const users = ['user-1'];
    const ids = letters.map(({ id }) => id);
    const file = (letter: (typeof letters)[number]) =>
      writeUnlessThere(redis, `test:{dlq}:${letter.id}`, letterWrites(letter, { status: 'open', users }));
    await Promise.all(letters.map(file));
    expect((await readLetters(redis, ids)).map(({ id }) => id)).toEqual(ids);
    await deleteLetters(
      redis,
      objects,
      letters.map((letter) => ({ ...letter, users })),
    );
    expect(await readLetters(redis, ids)).toEqual([]);
  });

  it('the schedule and its lease work', async () => {
    const name = `test-${randomUUID()}`;
    const schedule = openSchedule(redis, objects, name);
    const record = { topic: 'notifications', key: null, value: null, headers: [] };
    await schedule.put(some().map((key, i) => ({ key, dueAt: i, record })));
    const due = await schedule.due(9, 100);
    expect(due.map(({ dueAt }) => dueAt)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await schedule.cancel((await schedule.due(1_000, 1_000)).map(({ key }) => key));
    expect(await schedule.due(1_000, 1_000)).toEqual([]);
    const [mine, other] = [1, 2].map(() => openLease(redis, `schedule:{${name}}:lease`, 5_000));
    expect([await mine?.hold(), await other?.hold()]).toEqual([true, false]);
  });

  it('updates reach who waits for them', async () => {
    const userId = randomUUID();
    const ended = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const update of updatesOf(settings, userId, ended.signal)) {
        if (update !== undefined) seen.push(update.type);
        if (seen.includes('last')) return;
      }
    })();
    await until('an update is read', async () => {
      await appendUpdate(redis, { userId, type: 'some', id: randomUUID(), data: {} });
      return seen.length > 0;
    });
    await appendUpdate(redis, { userId, type: 'last', id: randomUUID(), data: {} });
    await reading;
    ended.abort();
  });

  it('a node that is gone fails the commands that need it, in time', async () => {
    const keys = some();
    await servers[2]?.stop();
    const ends = await Promise.allSettled(keys.map((key) => redis.get(key)));
    expect(new Set(ends.map(({ status }) => status))).toContain('rejected');
  });
});
