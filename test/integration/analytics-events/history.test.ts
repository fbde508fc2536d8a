import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type PeriodName, readScans, type Subject } from '../../../handlers/analytics-events/analytics-state.ts';
import { moveToHistory } from '../../../handlers/analytics-events/history-state.ts';
import { codesKey, periodKey, prefixOf, totalKey } from '../../../handlers/analytics-events/keys.ts';
import { PERIODS, startOf } from '../../../handlers/analytics-events/periods.ts';
import { PLACES } from '../../../handlers/analytics-events/places.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { eventOf } from '../../../lib/events/index.ts';
import { type HistoryRow, mergeInbox, objectHistory } from '../../../lib/stores/history/index.ts';
import { testStack } from '../../support/stack.ts';
import { newCode, newWorld } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const world = newWorld(undefined, testStack().settings, 'objects');
const { redis, objects } = world.connections;
const history = objectHistory(objects);
afterAll(() => closeConnections(world.connections));

/** When a test's time begins: now, because Redis lets keys go by the clock, and what must go sooner the test deletes. */
const BEGIN = Math.ceil(Date.now() / HOUR) * HOUR;

const rollupAt = (time: number) => {
  world.clock.now = time;
  return world.deliver(
    eventOf('analytics.rollup.requested', { minute: new Date(time).toISOString() }, { source: 'test' }),
  );
};

/** Lets go what Redis would have let go by a time. */
const expire = async (subjects: readonly Subject[], time: number): Promise<void> => {
  for (const subject of subjects) {
    for (const key of await redis.keys(`${prefixOf(subject)}*`)) {
      if (Date.now() + (await redis.pttl(key)) <= time) await redis.del(key);
    }
  }
};

const row = (subject: Subject, start: number, scans: number, more: Partial<HistoryRow> = {}): HistoryRow => ({
  ...subject,
  userId: 'nobody',
  period: 'minute',
  start,
  part: 0,
  revision: scans,
  scans,
  bots: 0,
  visitors: 1,
  by: { country: { DE: scans } },
  ...more,
});

const HALF_HOURS = 12;

/** A scan: in which half hour it comes, and how many minutes old it is then. */
const anyScan = fc.record({
  turn: fc.integer({ min: 0, max: HALF_HOURS - 1 }),
  age: fc.oneof(fc.integer({ min: 0, max: 29 }), fc.integer({ min: 0, max: 600 })),
});
const anyRange = fc.record({
  from: fc.integer({ min: -11 * 60, max: HALF_HOURS * 30 }),
  minutes: fc.integer({ min: 1, max: 400 }),
  step: fc.constantFrom<PeriodName>('minute', 'hour'),
});

describe('scans of any range', () => {
  it('are each in one point, whether they lie in the cache or in history, and however late they came', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyScan, { minLength: 1, maxLength: 30 }),
        fc.array(anyRange, { minLength: 4, maxLength: 8 }),
        async (scans, ranges) => {
          const { code, user, scan } = newCode();
          const times: number[] = [];
          for (let turn = 0; turn < HALF_HOURS; turn += 1) {
            const now = BEGIN + turn * 30 * MINUTE + 29 * MINUTE;
            world.clock.now = now;
            const due = scans.filter((each) => each.turn === turn).map(({ age }) => now - age * MINUTE);
            times.push(...due);
            const events = due.map((at) => scan({ scannedAt: new Date(at).toISOString() }));
            if (events.length > 0) expect((await world.deliver(...events)).batchItemFailures).toEqual([]);
            await rollupAt(now + MINUTE);
            await expire([code, user], now + MINUTE);
          }
          const end = BEGIN + HALF_HOURS * 30 * MINUTE;
          for (const later of [10, 20]) await rollupAt(end + later * MINUTE);
          const now = end + 20 * MINUTE;
          await expire([code, user], now);
          for (const { from, minutes, step } of ranges) {
            const range = { from: BEGIN + from * MINUTE, to: BEGIN + (from + minutes) * MINUTE, step };
            for (const subject of [code, user]) {
              const { points, missing } = await readScans({ redis, history, now: () => now }, subject, range);
              expect(missing).toEqual([]);
              const expected = points.map(
                ({ at }) => times.filter((time) => startOf(step, time) === Date.parse(at)).length,
              );
              expect(points.map((point) => point.scans)).toEqual(expected);
              const { lengthMs } = PERIODS[step];
              expect(points).toHaveLength(Math.ceil((range.to - startOf(step, range.from)) / lengthMs));
            }
          }
        },
      ),
      { numRuns: 5 },
    );
  }, 300_000);

  it.each([
    ['a minute of two days ago', 'minute', 2 * DAY],
    ['a minute of a day and an hour ago', 'minute', DAY + HOUR],
    ['a minute of thirty hours ago', 'minute', 30 * HOUR],
    ['an hour of six days ago', 'hour', 6 * DAY],
    ['a day of forty days ago', 'day', 40 * DAY],
  ] as const)('are known at once when they come late, before their row and after: %s', async (_, step, age) => {
    const { code, user, scan } = newCode();
    const now = BEGIN + 29 * MINUTE;
    world.clock.now = now;
    const scannedAt = new Date(now - age).toISOString();
    await world.deliver(scan({ scannedAt }), scan({ scannedAt, country: 'DE' }));
    const range = { from: now - age, to: now - age + 1, step, withValues: true };
    const read = async () => {
      const ports = { redis, history, now: () => world.clock.now };
      const both = await Promise.all([code, user].map((subject) => readScans(ports, subject, range)));
      return both.map(({ points, missing }) => ({ scans: points.map(({ scans }) => scans), missing }));
    };
    const known = { scans: [2], missing: [] };
    expect(await read()).toEqual([known, known]);
    for (const minutes of [1, 5]) await rollupAt(now + minutes * MINUTE);
    expect(await read()).toEqual([known, known]);
    await expire([code, user], now + 3 * HOUR);
    expect(await read()).toEqual([known, known]);
  });

  it('say what is missing: deleted by age, a store out of reach, rows that have not come yet', async () => {
    const { code } = newCode();
    const now = BEGIN + 30 * MINUTE;
    const range = { from: now - 5 * HOUR, to: now, step: 'minute' } as const;
    const failing = { ...history, read: () => Promise.reject(new TransientError('OBJECT_STORE_UNAVAILABLE', 'down')) };
    const ports = { redis, history, now: () => now };
    const cacheFrom = new Date(startOf('minute', now - 135 * MINUTE) + MINUTE).toISOString();
    const from = new Date(range.from).toISOString();
    expect((await readScans({ ...ports, history: failing }, code, range)).missing).toEqual([
      { from, to: cacheFrom, reason: 'history-unavailable' },
    ]);
    const down = new Proxy(redis, {
      get: (target, name) =>
        name === 'hmget' ? () => Promise.reject(new Error('down')) : Reflect.get(target, name, target),
    });
    expect((await readScans({ ...ports, redis: down }, code, range)).missing).toEqual([
      { from: cacheFrom, to: new Date(now).toISOString(), reason: 'cache-unavailable' },
    ]);
    const old = await readScans(ports, code, { from: now - 100 * DAY, to: now - 99 * DAY, step: 'hour' });
    expect(old.missing).toEqual([]);
    const deleted = await readScans(ports, code, { from: now - 100 * DAY, to: now - 99 * DAY, step: 'minute' });
    expect(deleted.missing).toEqual([expect.objectContaining({ reason: 'deleted' })]);
    // The hour knows of a scan that no minute has.
    const hour = startOf('hour', now - 4 * HOUR);
    await redis.hset(periodKey(code, 'hour', hour), 'scans', 1);
    await redis.expire(periodKey(code, 'hour', hour), 60);
    expect((await readScans(ports, code, range)).missing).toEqual([
      { from: new Date(hour).toISOString(), to: new Date(hour + HOUR).toISOString(), reason: 'history-behind' },
    ]);
  });
});

describe('history in objects', () => {
  it('keeps the row with the larger revision, and adds parts up', async () => {
    const { code } = newCode();
    const start = startOf('minute', BEGIN - 5 * DAY);
    await history.put([row(code, start, 2), row(code, start, 3), row(code, start, 1, { part: 7 })]);
    await Promise.all([history.put([row(code, start, 2)]), history.put([row(code, start, 4)])]);
    const { points } = await readScans({ redis, history, now: () => BEGIN }, code, {
      from: start,
      to: start + 1,
      step: 'minute',
      withValues: true,
    });
    expect(points).toEqual([
      { at: new Date(start).toISOString(), scans: 5, bots: 0, visitors: 2, by: { country: { DE: 5 } } },
    ]);
  });

  it('deletes what is old enough, but what is held', async () => {
    const [mine, other] = [newCode().code, newCode().code];
    const start = Date.UTC(2001, 0, 5);
    await history.put([row(mine, start, 1, { userId: 'held' }), row(other, start, 1)]);
    const isLeft = async (subject: Subject) =>
      (await history.read(subject, { period: 'minute', from: start, to: start + 1 })).length;
    const before = start + 40 * DAY;
    expect(await history.forget('minute', start, { users: [], isHeld: () => false }, undefined)).toMatchObject({
      deleted: 0,
    });
    await history.forget('minute', before, { users: ['held'], isHeld: () => false }, undefined);
    expect([await isLeft(mine), await isLeft(other)]).toEqual([1, 0]);
    await history.forget('minute', before, { users: [], isHeld: () => false }, undefined);
    expect(await isLeft(mine)).toBe(0);
  });

  it('erases a user, also from what waits to be sorted, and nobody else', async () => {
    const [mine, other] = [newCode(), newCode()];
    const start = startOf('minute', BEGIN - 5 * DAY);
    await history.put([row(mine.code, start, 1, { userId: mine.userId }), row(other.code, start, 1)]);
    await history.put([row(mine.user, startOf('day', start), 1, { userId: mine.userId, period: 'day' })]);
    const place = PLACES.find(({ name }) => name.endsWith('history'));
    await redis.zadd(codesKey(mine.userId), 1, mine.qrId);
    const stores = { redis, objects, signal: new AbortController().signal };
    expect(await place?.erase(mine.userId, stores)).toBe(2);
    expect(await place?.erase(mine.userId, stores)).toBe(0);
    expect(await history.read(other.code, { period: 'minute', from: start, to: start + 1 })).toHaveLength(1);
    await mergeInbox(objects, { signal: stores.signal, put: (rows) => history.put(rows) });
  });
});

describe('counters that an earlier version has kept in the cache', () => {
  it('move to history, cut off and run again, and then expire by the new windows', async () => {
    const [{ code, user, userId, qrId }] = [newCode(`a strange id ${randomUUID()}`)];
    const now = Date.now();
    const times = [5, 50].map((days) => startOf('hour', now - days * DAY));
    for (const subject of [code, user]) {
      for (const time of times) {
        for (const period of ['hour', 'day'] as const) {
          await redis.hset(periodKey(subject, period, time), { scans: 4, bots: 1, 'country:DE': 4 });
          await redis.expire(periodKey(subject, period, time), 3_600);
        }
      }
    }
    await redis.hset(totalKey(code), { scans: 8, owner: userId });
    await redis.zadd(codesKey(userId), 8, qrId);
    const rollup = `test-${randomUUID()}`;
    const cut = new AbortController();
    let moves = 0;
    const onProgress = () => {
      moves += 1;
      if (moves === 2) cut.abort();
    };
    const dry = await moveToHistory({ redis, history }, { isDryRun: true, rollup });
    expect(dry.moved).toBeGreaterThanOrEqual(8);
    expect(await redis.exists(periodKey(code, 'hour', times[0] ?? 0))).toBe(1);
    const cutOff = moveToHistory({ redis, history }, { rollup, signal: cut.signal, onProgress, together: 4 });
    await expect(cutOff).rejects.toThrow(/abort/);
    await moveToHistory({ redis, history }, { rollup });
    for (const subject of [code, user]) {
      for (const time of times) {
        for (const step of ['hour', 'day'] as const) {
          const range = { from: time, to: time + 1, step };
          const { points, missing } = await readScans({ redis, history }, subject, range);
          expect({ points, missing }).toMatchObject({ points: [{ scans: 4, bots: 1 }], missing: [] });
        }
        expect(await redis.exists(periodKey(subject, 'hour', time))).toBe(0);
      }
      // A day of the window stays in the cache, for its time.
      expect(await redis.ttl(periodKey(subject, 'day', times[0] ?? 0))).toBeGreaterThan(2 * 24 * 3_600);
      expect(await redis.exists(periodKey(subject, 'day', times[1] ?? 0))).toBe(0);
    }
    expect((await moveToHistory({ redis, history }, { rollup, isDryRun: true })).found).toBeLessThan(dry.found);
  }, 240_000);
});
