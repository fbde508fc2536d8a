import { afterAll, describe, expect, it } from 'vitest';
import { readTotals } from '../../../handlers/analytics-events/analytics-state.ts';
import { periodKey, totalKey, visitorsKey } from '../../../handlers/analytics-events/keys.ts';
import { generationsKey, shardFor, shardsOf, touchedKey } from '../../../handlers/analytics-events/touched.ts';
import type { TopicName } from '../../../lib/catalog/index.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import type { EventOf } from '../../../lib/events/index.ts';
import { readTopic } from '../../../lib/operations/reader.ts';
import { withFailingScripts } from '../../support/failing-scripts.ts';
import { testStack } from '../../support/stack.ts';
import { updatesOf } from '../../support/updates.ts';
import { BOT, DONE, newCode, newWorld, PHONE, timeAt } from './world.ts';

const { settings } = testStack();
const worlds: ReturnType<typeof newWorld>[] = [];
const world = (mostRows?: number) => {
  const made = newWorld(mostRows);
  worlds.push(made);
  return made;
};
afterAll(() => Promise.all(worlds.map(({ connections }) => closeConnections(connections))));

/** Events with this key on a topic, in order. */
const eventsOf = async (
  topic: TopicName,
  key: string,
  { connections }: ReturnType<typeof newWorld>,
): Promise<EventOf[]> => {
  const found: Promise<EventOf>[] = [];
  await readTopic(settings, topic, { from: 'beginning', untilEnd: true }, (record) => {
    if (record.key?.toString() === key)
      found.push(connections.publisher.codec.decode({ ...record, timestamp: Number(record.timestamp) }));
  });
  return Promise.all(found);
};

const isRow = (event: EventOf): event is EventOf<'analytics.rollup.updated'> =>
  event.eventType === 'analytics.rollup.updated';
const rowsOf = async (qrId: string, of: ReturnType<typeof newWorld>) =>
  (await eventsOf('analytics-events', qrId, of)).filter(isRow);

describe('a rollup', () => {
  it('publishes one row for each code and minute that was counted, when the minute has closed', async () => {
    const here = world();
    const { qrId, userId, scan } = newCode();
    await here.deliver(
      scan({ ip: '203.0.113.1', userAgent: PHONE, country: 'DE' }),
      scan({ ip: '203.0.113.2', userAgent: PHONE, referrer: 'https://example.com/' }),
      scan({ userAgent: BOT }),
      scan({ scannedAt: timeAt(-10) }),
    );
    // The minute is still going on.
    expect(await here.deliver(here.request(0))).toEqual(DONE);
    expect(await rowsOf(qrId, here)).toEqual([]);
    expect(await here.deliver(here.request(1))).toEqual(DONE);
    const rows = await rowsOf(qrId, here);
    expect(rows.map(({ payload }) => payload).sort((a, b) => (a.minute < b.minute ? -1 : 1))).toEqual([
      expect.objectContaining({ qrId, userId, minute: timeAt(-10), revision: 1, scans: 1 }),
      {
        qrId,
        userId,
        minute: timeAt(0),
        revision: 3,
        scans: 2,
        bots: 1,
        visitors: 2,
        countries: { DE: 1, unknown: 1 },
        devices: { mobile: 2 },
        referrers: { direct: 1, 'example.com': 1 },
        period: 'minute',
        part: 0,
        allCodesOf: '',
        systems: {},
        browsers: {},
        actions: {},
      },
    ]);
  });

  it('that is asked for again, in any way, publishes nothing new, and in the end forgets what it looked at', async () => {
    const here = world();
    const { qrId, scan } = newCode();
    await here.deliver(scan());
    const request = here.request(1);
    for (const event of [request, request, here.request(1), here.request(2), here.request(3), here.request(4)]) {
      expect(await here.deliver(event)).toEqual(DONE);
    }
    expect(await rowsOf(qrId, here)).toHaveLength(1);
    // The hour and the day have rows too, once they are over.
    const days = [2, 3, 4, 5].map((days) => here.request(days * 24 * 60));
    for (const event of days) expect(await here.deliver(event)).toEqual(DONE);
    expect((await rowsOf(qrId, here)).map(({ payload: { period } }) => period)).toEqual(['minute', 'hour', 'day']);
    const open = shardsOf(here.rollup).map((owner) => here.connections.redis.smembers(generationsKey(owner)));
    expect((await Promise.all(open)).flat()).toEqual([]);
  });

  it.each([
    ['visitors that are none', 'visitors', ['SET', 'junk'], 'a row'],
    ['visitors that end too early', 'visitors', ['SET', 'HYLL\u0001'], 'a row'],
    ['visitors of another type', 'visitors', ['RPUSH', 'junk'], 'a row'],
    ['counters of another type', 'counters', ['SET', 'junk'], 'none'],
    ['a number that is none', 'counters', ['HSET', 'country:DE', 'many'], 'a row'],
    ['totals of another type', 'total', ['SET', 'junk'], 'none'],
  ] as const)('of a code with %s goes on, and in the end forgets it', async (_, which, [command, ...content], rows) => {
    const here = world();
    const { redis } = here.connections;
    const [damaged, good] = [newCode(), newCode()];
    await here.deliver(damaged.scan({ ip: '203.0.113.1', userAgent: PHONE, country: 'DE' }), good.scan());
    const counters = periodKey(damaged.code, 'minute', Date.parse(timeAt(0)));
    const key = { counters, visitors: visitorsKey(counters), total: totalKey(damaged.code) }[which];
    if (command !== 'HSET') await redis.del(key);
    await redis.call(command, key, ...content);
    for (const minutes of [1, 2, 4, 5]) expect(await here.deliver(here.request(minutes))).toEqual(DONE);
    expect(await rowsOf(good.qrId, here)).toHaveLength(1);
    const minutesOf = (await rowsOf(damaged.qrId, here)).map(({ payload: { scans, visitors } }) => ({
      scans,
      visitors,
    }));
    expect(minutesOf).toEqual(rows === 'a row' ? [{ scans: 1, visitors: which === 'visitors' ? 0 : 1 }] : []);
    for (const days of [2, 3, 4, 5]) expect(await here.deliver(here.request(days * 24 * 60))).toEqual(DONE);
    const open = shardsOf(here.rollup).map((owner) => redis.smembers(generationsKey(owner)));
    expect((await Promise.all(open)).flat()).toEqual([]);
  });

  it('goes on where notes of a shard are damaged, and so do scans', async () => {
    const here = world();
    const { redis } = here.connections;
    const [damaged, late, good] = [newCode(), newCode(), newCode()];
    const owner = shardFor(here.rollup, damaged.code);
    await redis.set(generationsKey(owner), 'junk');
    expect(await here.deliver(damaged.scan(), good.scan())).toEqual(DONE);
    expect(await here.deliver(here.request(1))).toEqual(DONE);
    expect(await rowsOf(damaged.qrId, here)).toHaveLength(1);
    expect(await rowsOf(good.qrId, here)).toHaveLength(1);
    for (const shard of shardsOf(here.rollup)) await redis.set(touchedKey(shard, timeAt(1).slice(0, 16)), 'junk');
    for (const shard of shardsOf(here.rollup)) await redis.sadd(generationsKey(shard), timeAt(1).slice(0, 16));
    expect(await here.deliver(here.request(2))).toEqual(DONE);
    here.clock.now = Date.parse(timeAt(1.5));
    expect(await here.deliver(late.scan({ scannedAt: timeAt(1.2) }))).toEqual(DONE);
    expect(await here.deliver(here.request(3))).toEqual(DONE);
    expect(await rowsOf(late.qrId, here)).toHaveLength(1);
  });

  it('goes on, and forgets it, where something is noted that means nothing', async () => {
    const here = world();
    const { redis } = here.connections;
    const { qrId, code, scan } = newCode();
    await here.deliver(scan());
    const owner = shardFor(here.rollup, code);
    const strange = ['-271821-04-20T00:code', '', '~code/minute/0/never/x', '~code/second/0/2026-01-01T00:00/x'];
    await redis.sadd(touchedKey(owner, timeAt(0).slice(0, 16)), ...strange);
    for (const minutes of [1, 4]) expect(await here.deliver(here.request(minutes))).toEqual(DONE);
    expect(await rowsOf(qrId, here)).toHaveLength(1);
    for (const days of [2, 3, 4, 5]) expect(await here.deliver(here.request(days * 24 * 60))).toEqual(DONE);
    expect(await redis.smembers(generationsKey(owner))).toEqual([]);
  });

  it('after a late scan publishes the row again, corrected, with a higher revision', async () => {
    const here = world();
    const { qrId, scan } = newCode();
    await here.deliver(scan());
    await here.deliver(here.request(1));
    here.clock.now += 5 * 60_000;
    await here.deliver(scan());
    await here.deliver(here.request(8));
    const rows = await rowsOf(qrId, here);
    expect(rows.map(({ payload: { minute, revision, scans } }) => ({ minute, revision, scans }))).toEqual([
      { minute: timeAt(0), revision: 1, scans: 1 },
      { minute: timeAt(0), revision: 2, scans: 2 },
    ]);
    expect(new Set(rows.map(({ eventId }) => eventId)).size).toBe(2);
  });

  it('finds what was counted after its first look by a function that was slow', async () => {
    const here = world();
    const { qrId, scan } = newCode();
    const { redis } = here.connections;
    const event = scan();
    // It notes the code and dies before it has counted.
    const dying = withFailingScripts(redis, (args) => (args.includes('apply') ? 'request' : undefined));
    expect((await here.deliverWith({ redis: dying }, event)).batchItemFailures).toHaveLength(1);
    await here.deliver(here.request(1));
    expect(await rowsOf(qrId, here)).toEqual([]);
    const { now } = here.clock;
    // What it had noted is as old as the try that counts: as if it had only been slow.
    here.clock.now = Date.parse(timeAt(0.9));
    await here.deliver(event);
    here.clock.now = now;
    await here.deliver(here.request(3));
    expect((await rowsOf(qrId, here)).map(({ payload }) => payload.scans)).toEqual([1]);
  });

  it('works any number of codes, so many at a time', async () => {
    const here = world(4);
    const codes = Array.from({ length: 10 }, () => newCode());
    await here.deliver(...codes.map(({ scan }) => scan()));
    // Each asks for the next one, which the functions of the stack get as well: so here each gets an id of its own.
    // Ten codes and their owners.
    const requests = Array.from({ length: 6 }, () => here.request(1));
    for (const request of requests) await here.deliver(request);
    for (const { qrId } of codes) expect(await rowsOf(qrId, here)).toHaveLength(1);
    const asked = (await eventsOf('analytics-events', timeAt(1), here)).map(({ causationId }) => causationId);
    expect(requests.map(({ eventId }) => asked.includes(eventId))).toEqual([true, true, true, true, true, false]);
  });

  it('is done again when the brokers do not take its rows, and refused when its minute is no time', async () => {
    const here = world();
    const { qrId, scan } = newCode();
    await here.deliver(scan());
    const { publisher } = here.connections;
    const down = { ...publisher, publishRaw: () => Promise.reject(new TransientError('BROKER_UNAVAILABLE', 'down')) };
    const request = here.request(1);
    expect((await here.deliverWith({ publisher: down }, request)).batchItemFailures).toHaveLength(1);
    expect(await here.deliver(request)).toEqual(DONE);
    expect(await rowsOf(qrId, here)).toHaveLength(1);
    await here.deliver({ ...here.request(1), payload: { minute: `never ${qrId}` } });
    expect(await here.reasons(`never ${qrId}`)).toEqual([
      `The minute of a rollup must be a time in ISO 8601, not "never ${qrId}".`,
    ]);
  });
});

describe('a milestone', () => {
  it('is told once, by e-mail and in the app, and is among the updates; bots do not reach it', async () => {
    const here = world();
    const { qrId, userId, code, scan } = newCode();
    await here.deliver(...Array.from({ length: 99 }, () => scan()), scan({ userAgent: BOT }));
    await here.deliver(here.request(1));
    const told = async () => eventsOf('notifications', userId, here);
    expect(await told()).toEqual([]);
    here.clock.now += 60_000;
    await here.deliver(scan(), scan());
    for (const minute of [3, 4, 5, 6]) await here.deliver(here.request(minute));
    await here.deliver(scan());
    await here.deliver(here.request(8));
    expect(await readTotals(here.connections.redis, code)).toMatchObject({ scans: 102, bots: 1 });
    expect((await told()).map(({ payload }) => payload)).toEqual([
      expect.objectContaining({ userId, template: 'milestone', channel: 'in-app', data: { qrId, scans: '100' } }),
      expect.objectContaining({ userId, template: 'milestone', channel: 'email', data: { qrId, scans: '100' } }),
    ]);
    expect(await updatesOf(here.connections.redis, userId)).toEqual([
      { type: 'qr.milestone', data: { qrId, scans: 100 } },
    ]);
  });
});
