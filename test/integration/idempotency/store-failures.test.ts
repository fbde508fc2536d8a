import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { topic } from '../../../lib/catalog/index.ts';
import { applyOnce, type Entry, statusesOf } from '../../../lib/idempotency/index.ts';
import { hashTag } from '../../../lib/stores/hash-tag.ts';
import { openRedis, type Redis } from '../../../lib/stores/redis.ts';
import { withFailingScripts } from '../../support/failing-scripts.ts';
import { type RedisServer, redisCluster, redisServer } from '../../support/redis-cluster.ts';
import { until } from '../../support/until.ts';

const CONSUMED = topic('analytics-events');

const servers: RedisServer[] = [];
const clients: Redis[] = [];
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await Promise.all(servers.map(({ stop }) => stop()));
});

const serverWith = async (...args: readonly string[]) => {
  const server = await redisServer(...args);
  servers.push(server);
  const redis = openRedis({ redisUrl: `redis://127.0.0.1:${server.port}` });
  clients.push(redis);
  return { server, redis };
};

/** A record of an owner of its own, and a count for it. */
const newRecord = () => {
  const owner = randomUUID();
  const tag = hashTag(owner);
  const identity = {
    topic: CONSUMED.name,
    partition: 0,
    offset: 1,
    timestamp: 0,
    tag,
    duplicateId: '7',
    origin: undefined,
  };
  const entry: Entry = { identity, log: { births: [], start: 0, first: 0 } };
  const key = `test:{${owner}}`;
  return {
    tag,
    entry,
    key,
    apply: (redis: Redis, size = 1) =>
      applyOnce(
        redis,
        CONSUMED,
        tag,
        [entry],
        [
          ['HINCRBY', key, 'n', 1],
          ['HSET', key, 'filler', 'x'.repeat(size)],
        ],
      ),
  };
};

describe('a store that cannot take a write now', () => {
  it('for want of memory takes nothing of it, and all of it later', async () => {
    const { server, redis } = await serverWith('--maxmemory', '3mb', '--maxmemory-policy', 'noeviction');
    for (let i = 0, full = false; !full; i++) {
      full = await server.admin.set(`filler:${i}`, 'x'.repeat(50_000)).then(
        () => false,
        () => true,
      );
    }
    const record = newRecord();
    await expect(record.apply(redis)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE', failureClass: 'transient' });
    expect(await redis.exists(record.key)).toBe(0);
    await server.admin.config('SET', 'maxmemory', '0');
    expect(await statusesOf(redis, CONSUMED, [record.entry])).toMatchObject([{ status: 'open' }]);
    await record.apply(redis);
    expect(await redis.hget(record.key, 'n')).toBe('1');
  });

  it('because a script runs for too long takes it when that has ended', async () => {
    const { server, redis } = await serverWith('--lua-time-limit', '50');
    const other = openRedis({ redisUrl: `redis://127.0.0.1:${server.port}` });
    clients.push(other);
    const record = newRecord();
    await redis.ping();
    const endless = other.eval('while true do end', 0).catch(() => undefined);
    await until('the server is busy', async () => {
      const answer = await server.admin.ping().catch((error: unknown) => String(error));
      return answer.includes('BUSY');
    });
    await expect(record.apply(redis)).rejects.toMatchObject({ failureClass: 'transient' });
    await server.admin.script('KILL');
    await endless;
    await record.apply(redis);
    await record.apply(redis);
    expect(await redis.hget(record.key, 'n')).toBe('1');
  });

  it('because it is a replica takes nothing', async () => {
    const { server, redis } = await serverWith();
    await server.admin.call('REPLICAOF', '127.0.0.1', '1');
    await expect(newRecord().apply(redis)).rejects.toMatchObject({ failureClass: 'transient' });
  });

  it('because its disk is full takes nothing', async () => {
    const { server, redis } = await serverWith('--dir', '/proc');
    await server.admin.config('SET', 'save', '1 1');
    await server.admin.bgsave();
    await until('a snapshot has failed', async () =>
      (await server.admin.info('persistence')).includes('rdb_last_bgsave_status:err'),
    );
    await expect(newRecord().apply(redis)).rejects.toMatchObject({ failureClass: 'transient' });
  });
});

describe('an answer that is lost', () => {
  it('leaves the effect with its mark: asked again, it is done', async () => {
    const { redis } = await serverWith();
    const record = newRecord();
    const cut = withFailingScripts(redis, () => 'answer');
    await expect(record.apply(cut)).rejects.toThrow('Connection is closed');
    expect(await record.apply(redis)).toEqual(new Set([0]));
    expect(await redis.hget(record.key, 'n')).toBe('1');
  });
});

describe('a cluster that moves a slot', () => {
  it('redirects the script, which takes effect once', async () => {
    const nodes = await redisCluster(3);
    servers.push(...nodes);
    const redis = openRedis({ redisUrl: `redis://127.0.0.1:${nodes[0]?.port}`, redisMode: 'cluster' });
    clients.push(redis);
    const record = newRecord();
    await redis.exists(record.key);
    const slot = Number(await nodes[0]?.admin.cluster('KEYSLOT', record.key));
    const ids = await Promise.all(nodes.map(({ admin }) => admin.cluster('MYID')));
    const holder = Math.floor((slot * 3) / 16_384);
    const next = ids[(holder + 1) % 3] ?? '';
    for (const { admin } of nodes) await admin.cluster('SETSLOT', slot, 'NODE', next);
    await record.apply(redis);
    await record.apply(redis);
    expect(await redis.hget(record.key, 'n')).toBe('1');
    expect(await nodes[(holder + 1) % 3]?.admin.exists(record.key)).toBe(1);
  });
});
