import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import {
  LATEST,
  readLatest,
  readTopCodes,
  readTotals,
  topOf,
} from '../../../handlers/analytics-events/analytics-state.ts';
import { lateKeyIn, prefixOf, totalKey } from '../../../handlers/analytics-events/keys.ts';
import { latePart } from '../../../handlers/analytics-events/parts.ts';
import { labelOf } from '../../../handlers/analytics-events/periods.ts';
import { PLACES } from '../../../handlers/analytics-events/places.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { withFailingScripts } from '../../support/failing-scripts.ts';
import { BOT, DONE, LAPTOP, newCode, newWorld, PHONE, periodOf, THEN, timeAt } from './world.ts';

const { connections, deliver, deliverWith, reasons } = newWorld();
const { redis, objects } = connections;
afterAll(() => closeConnections(connections));

/** All keys that have this in their name. */
const keysWith = (id: string): Promise<string[]> => redis.keys(`*${id}*`);

describe('a scan', () => {
  it('counts for its code and its owner, by period, country, device and referrer, and is among the latest', async () => {
    const { code, user, userId, qrId, scan } = newCode();
    const rich = scan({
      ip: '203.0.113.7',
      userAgent: PHONE,
      referrer: 'https://www.example.com/private?token=1',
      country: 'de',
      city: 'Köln',
    });
    expect(await deliver(rich)).toEqual(DONE);
    for (const subject of [code, user]) {
      const totals = await readTotals(redis, subject);
      expect(totals).toEqual({
        scans: 1,
        bots: 0,
        visitors: 1,
        by: {
          country: { DE: 1 },
          device: { mobile: 1 },
          referrer: { 'example.com': 1 },
          os: { iOS: 1 },
          browser: { Safari: 1 },
          action: { scan: 1 },
        },
      });
      expect(await periodOf(redis, subject, 'day', THEN)).toEqual({ ...totals, revision: 1 });
      const hour = await periodOf(redis, subject, 'hour', THEN);
      expect(hour).toMatchObject({ scans: 1, visitors: 1, by: { country: { DE: 1 }, device: { mobile: 1 }, os: {} } });
      const inRow = subject.kind === 'code' ? { DE: 1 } : {};
      expect(await periodOf(redis, subject, 'minute', THEN)).toMatchObject({
        scans: 1,
        by: { country: inRow, os: {} },
      });
      expect(await readLatest(redis, subject, 10)).toEqual([
        expect.objectContaining({ id: rich.eventId, qrId, at: timeAt(0.5), city: 'Köln' }),
      ]);
    }
    expect(await readTopCodes(redis, userId, 10)).toEqual([{ qrId, scans: 1 }]);
  });

  it('may be bare: without a code it counts for its user', async () => {
    const { user, userId, scan } = newCode();
    await deliver(scan({ qrId: null }), scan({ qrId: null, action: 'open' }));
    const totals = await readTotals(redis, user);
    expect(totals).toMatchObject({
      scans: 2,
      visitors: 0,
      by: { action: { scan: 1, open: 1 }, device: { unknown: 2 } },
    });
    expect(await readTopCodes(redis, userId, 10)).toEqual([]);
  });

  it('of a bot counts apart, and nowhere else', async () => {
    const { code, userId, qrId, scan } = newCode();
    await deliver(scan({ userAgent: BOT, ip: '203.0.113.7' }), scan({ userAgent: BOT }));
    expect(await readTotals(redis, code)).toMatchObject({ scans: 0, bots: 2, visitors: 0, by: { device: {} } });
    expect(await readLatest(redis, code, 10)).toEqual([]);
    // Theirs all the same, so that it is found when their data are erased.
    expect(await readTopCodes(redis, userId, 10)).toEqual([{ qrId, scans: 0 }]);
  });

  it('leaves no address behind, neither in a key nor in a value', async () => {
    const { qrId, userId, scan } = newCode();
    const ip = '198.51.100.23';
    await deliver(scan({ ip, userAgent: LAPTOP }));
    for (const key of [...(await keysWith(qrId)), ...(await keysWith(userId))]) {
      expect(key).not.toContain(ip);
      expect((await redis.dumpBuffer(key)).toString('latin1')).not.toContain(ip);
    }
  });

  it('tells visitors apart by address and browser', async () => {
    const { code, scan } = newCode();
    await deliver(
      scan({ ip: '203.0.113.1', userAgent: PHONE }),
      scan({ ip: '203.0.113.1', userAgent: PHONE }),
      scan({ ip: '203.0.113.1', userAgent: LAPTOP }),
      scan({ ip: '203.0.113.2', userAgent: PHONE }),
    );
    expect(await readTotals(redis, code)).toMatchObject({ scans: 4, visitors: 3 });
  });

  it('that is late counts in its own minute; one older than a window in a part of its own', async () => {
    const { code, scan } = newCode();
    await deliver(scan(), scan({ scannedAt: timeAt(-3) }), scan({ scannedAt: timeAt(-5 * 24 * 60) }));
    const minutes = await Promise.all([4, 3, 2, 1, 0].map((i) => periodOf(redis, code, 'minute', THEN - i * 60_000)));
    expect(minutes.map(({ scans }) => scans)).toEqual([0, 1, 0, 0, 1]);
    const old = Date.parse(timeAt(-5 * 24 * 60));
    expect(await periodOf(redis, code, 'minute', old)).toMatchObject({ scans: 0 });
    expect(await periodOf(redis, code, 'hour', old)).toMatchObject({ scans: 0 });
    expect(await periodOf(redis, code, 'day', old)).toMatchObject({ scans: 1 });
    expect(await readTotals(redis, code)).toMatchObject({ scans: 3 });
    const part = latePart(THEN);
    const parts = (await redis.smembers(lateKeyIn(prefixOf(code)))).map((key) => key.slice(prefixOf(code).length + 1));
    expect(parts.sort()).toEqual([`hour:${labelOf('hour', old)}+${part}`, `minute:${labelOf('minute', old)}+${part}`]);
  });

  it('with a time that cannot be is a dead letter, and the others are counted', async () => {
    const { qrId, code, scan } = newCode();
    const old = ['-271821-04-20T00:00:00.000Z', '-000001-01-01T00:00:00Z', '1969-12-31T23:59:59.999Z'];
    const impossible = ['yesterday', ...old, timeAt(60)].map((scannedAt) => scan({ scannedAt }));
    await deliver(...impossible, scan());
    expect(await readTotals(redis, code)).toMatchObject({ scans: 1 });
    expect((await reasons(qrId)).toSorted()).toEqual([
      'The scan would have happened before 1970.',
      `The scan would have happened in the future, at ${timeAt(60)}.`,
      ...['-000001-01-01T00:00:00Z', '-271821-04-20T00:00:00.000Z', 'yesterday'].map(
        (text) => `scannedAt must be a time in ISO 8601, not "${text}".`,
      ),
    ]);
  });

  it('that comes again changes nothing', async () => {
    const { qrId, code, user, scan } = newCode();
    const events = [scan({ ip: '203.0.113.1' }), scan({ userAgent: BOT }), scan({ country: 'FR' })];
    await deliver(...events);
    const before = [await readTotals(redis, code), await readTotals(redis, user)];
    expect(await deliver(...events)).toEqual(DONE);
    expect(await deliver(...events.slice(1), ...events)).toEqual(DONE);
    expect([await readTotals(redis, code), await readTotals(redis, user)]).toEqual(before);
    expect(await reasons(qrId)).toEqual([]);
  });

  it('is counted once Redis is back', async () => {
    const { code, scan } = newCode();
    const events = [scan(), scan()];
    const down = withFailingScripts(redis, (args) => (args.includes('apply') ? 'request' : undefined));
    expect((await deliverWith({ redis: down }, ...events)).batchItemFailures).toHaveLength(2);
    expect(await readTotals(redis, code)).toMatchObject({ scans: 0 });
    expect(await deliver(...events)).toEqual(DONE);
    expect(await readTotals(redis, code)).toMatchObject({ scans: 2 });
  });
});

describe('the counters', () => {
  it('keep so many referrers by name, and the newest scans', async () => {
    const { code, scan } = newCode();
    const scans = Array.from({ length: 120 }, (_, i) =>
      scan({ referrer: `https://site-${i % 60}.example/`, scannedAt: new Date(THEN - i * 1_000).toISOString() }),
    );
    await deliver(...scans.slice(0, 70));
    await deliver(...scans.slice(70));
    const totals = await readTotals(redis, code);
    expect(Object.keys(totals.by.referrer)).toHaveLength(51);
    expect(topOf(totals, 'referrer', 1)).toEqual([['other', 20]]);
    const latest = await readLatest(redis, code, 200);
    expect(latest.map(({ id }) => id)).toEqual(scans.slice(0, LATEST).map(({ eventId }) => eventId));
  });

  it('all expire', async () => {
    const { qrId, userId, scan } = newCode();
    await deliver(scan({ ip: '203.0.113.1', userAgent: PHONE }), scan({ qrId: null }));
    const keys = [...(await keysWith(qrId)), ...(await keysWith(userId))];
    const lives = await Promise.all(keys.map(async (key) => [key, await redis.ttl(key)] as const));
    expect(keys.length).toBeGreaterThan(18);
    expect(lives.filter(([, seconds]) => seconds <= 0)).toEqual([]);
  });

  it('of a user and their codes are erased, and nobody else’s', async () => {
    const [mine, other] = [newCode(), newCode()];
    const second = newCode(randomUUID(), mine.userId);
    await deliver(mine.scan({ ip: '203.0.113.1' }), second.scan({ userAgent: BOT }), other.scan());
    const counters = PLACES.find(({ name }) => name.endsWith('counters'));
    const erase = () => counters?.erase(mine.userId, { redis, objects, signal: new AbortController().signal });
    expect(await erase()).toBeGreaterThan(10);
    expect(await erase()).toBe(0);
    for (const id of [mine.qrId, second.qrId, mine.userId]) {
      expect((await keysWith(id)).filter((key) => key.startsWith('analytics:'))).toEqual([]);
    }
    expect(await redis.exists(totalKey(other.code))).toBe(1);
  });
});
