import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import avro from 'avsc';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CACHE_READER_ACCESS } from '../../../lib/catalog/index.ts';
import { openPlace } from '../../../lib/operations/backup/place.ts';
import { copyRedis, keysOf, restoreRedis } from '../../../lib/operations/backup/redis-copy.ts';
import { readKeys } from '../../../lib/operations/backup/redis-read.ts';
import { writeKey } from '../../../lib/operations/backup/redis-write.ts';
import { checksumOf, encodeSegment } from '../../../lib/operations/backup/segment.ts';
import { type DumpedKey, KEYS, type StoredKey } from '../../../lib/operations/backup/stored-key.ts';
import { openRedis, type Redis } from '../../../lib/stores/redis.ts';
import { redisCluster, redisServer } from '../../support/redis-cluster.ts';

const folder = await mkdtemp(join(tmpdir(), 'qr-redis-copy-'));
const place = openPlace(folder, { awsEndpoint: undefined });
const nodes = await redisCluster(3);
const lone = await redisServer();
const opened: Redis[] = [];
const open = (port: number | undefined, redisMode?: 'cluster'): Redis => {
  const redis = openRedis({ redisUrl: `redis://127.0.0.1:${port}`, redisMode });
  opened.push(redis);
  return redis;
};
const cluster = open(nodes[1]?.port, 'cluster');
const single = open(lone.port);
afterAll(async () => {
  for (const redis of opened) redis.disconnect();
  await Promise.all([...nodes, lone].map(({ stop }) => stop()));
  await rm(folder, { recursive: true, force: true });
});

/** The schema of keys in backups of the first days. */
const DUMPS = avro.Type.forSchema({
  type: 'record',
  name: 'Key',
  namespace: 'io.qrsaas.backup',
  fields: [
    { name: 'key', type: 'bytes' },
    { name: 'expiresAt', type: ['null', 'long'] },
    { name: 'dump', type: 'bytes' },
  ],
});

/** Redis writes infinity in its own way. */
const redisNumber = (score: number): string => String(score).replace('Infinity', 'inf');

const ignore = () => undefined;
const empty = () => Promise.all([...nodes, lone].map(({ admin }) => admin.flushall()));

/** Everything there is, in an order of its own: hashes and sets have none. */
const everything = async (redis: Redis) => {
  const found = new Map<string, unknown>();
  for await (const keys of keysOf(redis)) {
    for (const key of keys) {
      const [stored] = await readKeys(redis, [key]);
      if (stored !== undefined) found.set(key.toString('hex'), comparable(stored));
    }
  }
  return found;
};

/** Redis tells of times by what is left of them, which is a moment less each time. */
const aMinuteOf = (at: number | null): number | null => (at === null ? null : Math.round(at / 60_000));

const comparable = ({ type, expiresAt, values, stream }: StoredKey) => ({
  type,
  expiresAt: aMinuteOf(expiresAt),
  values: type === 'hash' ? paired(values).sort() : type === 'set' ? hex(values).sort() : hex(values),
  stream: JSON.stringify(stream, (name, value) => (name === 'deliveredAt' ? aMinuteOf(Number(value)) : value)),
});

const hex = (values: readonly Buffer[]): string[] => values.map((value) => value.toString('hex'));
const paired = (values: readonly Buffer[]): string[] =>
  hex(values).flatMap((value, i, all) => (i % 2 === 0 ? [`${value}=${all[i + 1]}`] : []));

const load = async (redis: Redis): Promise<void> => {
  const odd = Buffer.from([0, 255, 123, 10, 125]);
  const owners = Array.from({ length: 40 }, (_, i) => `{owner-${i}}`);
  await Promise.all(
    owners.map(async (owner, i) => {
      await redis.set(`mark:${owner}`, 'done', 'PX', 3_600_000 * (i + 1));
      await redis.hincrby(`counter:${owner}`, 'scans', i);
      await redis.pfadd(`visitors:${owner}`, ...Array.from({ length: i + 1 }, (_, n) => `visitor-${n}`));
    }),
  );
  await redis.set(Buffer.concat([Buffer.from('{}{x}'), odd]), odd);
  await redis.hset('a hash', 'field', odd, odd, 'value');
  await redis.rpush('a list', ...Array.from({ length: 2_500 }, (_, i) => `item ${i}`), odd);
  await redis.sadd('a set', 'a', '', odd);
  await redis.zadd('scores', 0.1, 'tenth', '-inf', 'least', '+inf', 'most', 9_007_199_254_740_991, odd, 1e-300, 'tiny');
  await redis.xadd('updates', 'MAXLEN', '~', 1_000, '1-1', 'type', 'some', 'odd', odd);
  await redis.xadd('updates', '2-1', 'type', 'other');
  await redis.xadd('updates', '2-2', 'type', 'last');
  await redis.xgroup('CREATE', 'updates', 'readers', '0');
  await redis.xgroup('CREATE', 'updates', 'fresh', '$');
  await redis.xreadgroup('GROUP', 'readers', 'one', 'COUNT', 2, 'STREAMS', 'updates', '>');
  await redis.xack('updates', 'readers', '1-1');
  await redis.xgroup('CREATECONSUMER', 'updates', 'readers', 'idle');
  // The id that comes next follows the last there ever was, also when that is gone.
  await redis.xdel('updates', '2-2');
  await redis.xadd('emptied', '5-5', 'a', 'b');
  await redis.xdel('emptied', '5-5');
};

describe('keys of Redis', () => {
  it('are copied from all nodes of a cluster, and come back to a cluster and to a lone server', async () => {
    await load(cluster);
    for (const { admin } of nodes) expect(await admin.dbsize()).toBeGreaterThan(0);
    const before = await everything(cluster);
    expect(before.size).toBe(40 * 3 + 7);
    const segments = await copyRedis(cluster, place, 'of-cluster', ignore);
    expect(segments.reduce((sum, { entries }) => sum + entries, 0)).toBe(before.size);
    await empty();
    for (const redis of [cluster, single]) {
      await restoreRedis(redis, place, segments, ignore);
      expect(await everything(redis)).toEqual(before);
      expect(await redis.pfcount('visitors:{owner-39}')).toBe(40);
      await redis.pfadd('visitors:{owner-39}', 'visitor-1', 'one more');
      expect(await redis.pfcount('visitors:{owner-39}')).toBe(41);
      await expect(redis.xadd('updates', '2-2', 'a', 'b')).rejects.toThrow(/equal or smaller/);
      await expect(redis.xadd('emptied', '5-5', 'a', 'b')).rejects.toThrow(/equal or smaller/);
    }
    // What is there is replaced: a second time changes nothing but what was added since.
    await restoreRedis(cluster, place, segments, ignore);
    expect(await everything(cluster)).toEqual(before);
  });

  it('are read by a user who may change nothing', async () => {
    await empty();
    await load(cluster);
    const rules = CACHE_READER_ACCESS.split(' ');
    await Promise.all(nodes.map(({ admin }) => admin.acl('SETUSER', 'reader', 'nopass', ...rules)));
    const reader = openRedis({ redisUrl: `redis://reader:x@127.0.0.1:${nodes[0]?.port}`, redisMode: 'cluster' });
    opened.push(reader);
    const all = await everything(cluster);
    const segments = await copyRedis(reader, place, 'by-reader', ignore);
    expect(segments.reduce((sum, { entries }) => sum + entries, 0)).toBe(all.size);
    const key = Buffer.from('a set');
    await expect(writeKey(reader, { key, expiresAt: null, type: 'set', values: [key], stream: null })).rejects.toThrow(
      /NOPERM|EXECABORT/,
    );
    await expect(reader.eval("return redis.call('DEL', KEYS[1])", 1, key)).rejects.toThrow(/can't run this command/);
    expect(await cluster.exists(key)).toBe(1);
  });

  it('whose time is over by now are not made', async () => {
    await empty();
    const key = Buffer.from('late');
    const stored = { key, expiresAt: Date.now() - 1, type: 'string', values: [key], stream: null };
    await writeKey(single, stored);
    expect(await single.exists('late')).toBe(0);
  });

  it('of any bytes and any values come back as they were', async () => {
    await empty();
    const some = fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes));
    const named = fc.uniqueArray(some, { minLength: 1, maxLength: 6, selector: (value) => value.toString('hex') });
    const scored = fc.tuple(named, fc.double({ noNaN: true })).map(([members, score]) =>
      // A sorted set that has one score for all is in the order of its members.
      members.sort(Buffer.compare).flatMap((member) => [member, Buffer.from(redisNumber(score))]),
    );
    const value = fc.oneof(
      some.map((one) => ({ type: 'string', values: [one] })),
      fc.array(some, { minLength: 1 }).map((values) => ({ type: 'list', values })),
      named.map((values) => ({ type: 'set', values })),
      named.map((fields) => ({ type: 'hash', values: fields.flatMap((field) => [field, field]) })),
      scored.map((values) => ({ type: 'zset', values })),
    );
    await fc.assert(
      fc.asyncProperty(some, value, async (key, { type, values }) => {
        await writeKey(cluster, { key, expiresAt: null, type, values, stream: null });
        const [read] = await readKeys(cluster, [key]);
        const numbered = (all: readonly Buffer[]) =>
          type === 'zset' ? all.map((one, i) => (i % 2 === 1 ? Buffer.from(String(Number(String(one)))) : one)) : all;
        expect(read && comparable({ ...read, values: numbered(read.values) })).toEqual(
          comparable({ key, expiresAt: null, type, values: numbered(values), stream: null }),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('that a backup of the first days has as dumps are put back, too', async () => {
    await empty();
    await lone.admin.hset('old', 'a', '1');
    const dump = await lone.admin.dumpBuffer('old');
    const old: DumpedKey = { key: Buffer.from('old'), expiresAt: null, dump };
    const content = await encodeSegment({ ...KEYS, type: DUMPS }, [old]);
    await place.put('old.avro', content);
    await restoreRedis(
      cluster,
      place,
      [{ file: 'old.avro', sha256: checksumOf(content), bytes: content.length, entries: 1 }],
      ignore,
    );
    expect(await cluster.hgetall('old')).toEqual({ a: '1' });
  });
});
