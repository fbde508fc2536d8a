import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf, entryAt, listStreams, memoryOf, streamOf } from '../../../lib/operations/redis-streams/index.ts';
import { openRedis } from '../../../lib/stores/redis.ts';
import { appendUpdate, NUDGES_KEY, updatesKey } from '../../../lib/stores/updates.ts';
import { redisCluster } from '../../support/redis-cluster.ts';

const nodes = await redisCluster(3);
const redis = openRedis({ redisUrl: `redis://127.0.0.1:${nodes[0]?.port}`, redisMode: 'cluster' });
afterAll(async () => {
  redis.disconnect();
  await Promise.all(nodes.map(({ stop }) => stop()));
});

const USERS = Array.from({ length: 150 }, (_, i) => `user-${i}`);
const OTHERS = 60_000;

beforeAll(async () => {
  await Promise.all(
    Array.from({ length: OTHERS }, (_, i) => redis.set(`${i % 3 === 0 ? 'done' : 'counts'}:${i}`, String(i))),
  );
  await Promise.all(USERS.map((userId) => appendUpdate(redis, { userId, type: 'told', id: userId, data: {} })));
});

/** How often the servers were asked to do something, since their start. */
const callsOf = async (command: string): Promise<number> => {
  const told = await Promise.all(nodes.map(({ admin }) => admin.info('commandstats')));
  const counts = told.map((text) => Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(text)?.[1] ?? 0));
  return counts.reduce((sum, count) => sum + count, 0);
};

describe('streams of a cluster with many keys', () => {
  it('are all found, a page at a time; each page asks little, and says where it stopped', async () => {
    const found = new Set<string>();
    let cursor: string | undefined;
    let pages = 0;
    do {
      const before = await callsOf('scan');
      const page = await listStreams(redis, { cursor });
      expect((await callsOf('scan')) - before).toBeLessThanOrEqual(40);
      expect(page.looked).toBeLessThanOrEqual(20_000);
      for (const { key } of page.streams) found.add(key);
      cursor = page.cursor ?? undefined;
      pages += 1;
    } while (cursor !== undefined);
    expect(pages).toBeGreaterThan(3);
    expect([...found].sort()).toEqual([NUDGES_KEY, ...USERS.map(updatesKey)].sort());
    expect(await callsOf('keys')).toBe(0);
  });

  it('of a user are found at once, and the feed of all on the first page', async () => {
    const { streams } = await listStreams(redis, { match: 'user-149' });
    expect(streams.map(({ key }) => key)).toEqual([updatesKey('user-149')]);
    const first = await listStreams(redis);
    expect(first.streams.map(({ key }) => key)).toContain(NUDGES_KEY);
    expect(first).toMatchObject({ keys: OTHERS + USERS.length + 1, cursor: expect.any(String) });
  });

  it('are searched by their text, which is no pattern', async () => {
    expect((await listStreams(redis, { match: 'user-14*' })).streams).toEqual([]);
    expect((await listStreams(redis, { match: 'user-1[0-9]' })).streams).toEqual([]);
  });

  it('share the memory with other kinds of keys, which are counted by a sample', async () => {
    const { servers, kinds } = await memoryOf(redis);
    expect(servers.map(({ port }) => port).sort()).toEqual(nodes.map(({ port }) => port).sort());
    expect(servers.every(({ usedBytes, policy }) => (usedBytes ?? 0) > 0 && policy === 'noeviction')).toBe(true);
    expect(kinds.looked).toBeLessThan(kinds.keys);
    expect(kinds.keys).toBe(OTHERS + USERS.length + 1);
    const counted = new Map(kinds.kinds.map((kind) => [kind.name, kind]));
    expect(counted.get('counts')?.keys).toBeGreaterThan((0.9 * (OTHERS * 2)) / 3);
    expect(counted.get('counts')?.keys).toBeLessThan((1.1 * (OTHERS * 2)) / 3);
    expect(counted.get('done')?.bytes).toBeGreaterThan(50 * (OTHERS / 3));
  });
});

describe('entries', () => {
  const key = 'entries:of-a-test';
  const at = (i: number) => `${1_000 + i}-0`;
  beforeAll(async () => {
    for (let i = 0; i < 25; i += 1) await redis.xadd(key, at(i), 'n', String(i), 'n', 'again');
  });

  it('come newest first, a page at a time, each once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await entriesOf(redis, { key, cursor, limit: 10 });
      seen.push(...page.entries.map(({ id }) => id));
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => at(24 - i)));
  });

  it('begin with those of a time, and keep every field in its order', async () => {
    const { entries } = await entriesOf(redis, { key, time: 1_007, limit: 1 });
    expect(entries).toEqual([
      {
        id: at(7),
        at: '1970-01-01T00:00:01.007Z',
        fields: [
          ['n', '7'],
          ['n', 'again'],
        ],
      },
    ]);
    expect(await entryAt(redis, key, at(7))).toEqual(entries[0]);
  });

  it('that are large come fewer at a time, and all in the end', async () => {
    const large = 'entries:large';
    for (let i = 0; i < 6; i += 1) await redis.xadd(large, at(i), 'blob', 'x'.repeat(8 * 1024 * 1024));
    const first = await entriesOf(redis, { key: large, limit: 50 });
    expect(first.entries.length).toBeLessThan(4);
    expect(first.cursor).toBe(first.entries.at(-1)?.id);
    const seen = first.entries.map(({ id }) => id);
    for (let cursor = first.cursor; cursor !== null; ) {
      const page = await entriesOf(redis, { key: large, cursor, limit: 50 });
      seen.push(...page.entries.map(({ id }) => id));
      cursor = page.cursor;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1, 0].map(at));
    await redis.unlink(large);
  });

  it('of what is no stream, and those that are trimmed, are not found', async () => {
    for (const other of ['done:0', 'nothing-there']) {
      await expect(entriesOf(redis, { key: other, limit: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    await expect(entryAt(redis, key, '1-1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(entryAt(redis, key, '+')).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('that a group has not got are its lag, those not acknowledged are pending with their consumer', async () => {
    await redis.xgroup('CREATE', key, 'readers', '0');
    await redis.xreadgroup('GROUP', 'readers', 'alice', 'COUNT', 10, 'STREAMS', key, '>');
    await redis.xack(key, 'readers', at(0), at(1));
    const { readers, groups } = await streamOf(redis, key);
    expect(groups).toBe(1);
    expect(readers).toMatchObject([
      {
        ...{ name: 'readers', pending: 8, lastDeliveredId: at(9), lag: 15, lagIsMore: false },
        consumers: [{ name: 'alice', pending: 8 }],
      },
    ]);
  });

  it('with an id that is no time say no time', async () => {
    await redis.xadd('entries:far', '99999999999999999-0', 'a', '1');
    expect(await streamOf(redis, 'entries:far')).toMatchObject({ entries: 1, lastAt: null, readers: [] });
  });
});
