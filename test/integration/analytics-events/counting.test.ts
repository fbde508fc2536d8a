import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  readLatest,
  readTopCodes,
  readTotals,
  type Subject,
} from '../../../handlers/analytics-events/analytics-state.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import type { EventOf } from '../../../lib/events/index.ts';
import { BOT, LAPTOP, newCode, newWorld, PHONE, periodOf, THEN } from './world.ts';

const { connections, deliver } = newWorld();
const { redis } = connections;
afterAll(() => closeConnections(connections));

const payload = fc.record({
  code: fc.constantFrom(0, 1, undefined),
  userAgent: fc.constantFrom(PHONE, LAPTOP, BOT, null),
  country: fc.constantFrom('DE', 'FR', null),
  ip: fc.constantFrom('203.0.113.1', '203.0.113.2', null),
  referrer: fc.constantFrom('https://example.com/a', 'https://example.org', null),
  minutesAgo: fc.integer({ min: 0, max: 90 }),
});

/** Deliveries of some of the events, as batches: every event is in one at least, in any company and order. */
const anyDelivery = fc.array(payload, { minLength: 1, maxLength: 30 }).chain((scans) =>
  fc.record({
    scans: fc.constant(scans),
    batches: fc
      .shuffledSubarray(
        [...scans.keys(), ...scans.keys(), ...scans.keys()].map((i, at) => ({ i, at })),
        { minLength: scans.length },
      )
      .chain((some) =>
        fc.shuffledSubarray([...scans.keys()], { minLength: scans.length }).map((all) => {
          const order = [...some.map(({ i }) => i), ...all];
          const size = 1 + (order.length % 7);
          return Array.from({ length: Math.ceil(order.length / size) }, (_, n) =>
            order.slice(n * size, (n + 1) * size),
          );
        }),
      ),
  }),
);

/** Everything that can be read of these subjects. */
const stateOf = async (subjects: readonly Subject[], userId: string) => ({
  codes: await readTopCodes(redis, userId, 10),
  subjects: await Promise.all(
    subjects.map(async (subject) => ({
      totals: await readTotals(redis, subject),
      latest: await readLatest(redis, subject, 100),
      hours: await Promise.all([0, 1, 2].map((hours) => periodOf(redis, subject, 'hour', THEN - hours * 3_600_000))),
      minutes: await Promise.all(
        Array.from({ length: 10 }, (_, i) => periodOf(redis, subject, 'minute', THEN - i * 60_000)),
      ),
    })),
  ),
});

describe('any split into batches, any order, any duplicates', () => {
  it('give the same counters as one batch that holds each event once', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyDelivery, async ({ scans, batches }) => {
        const run = async (how: (events: readonly EventOf[]) => Promise<void>) => {
          const first = newCode();
          const codes = [first, newCode(undefined, first.userId)];
          const events = scans.map(({ code, minutesAgo, ...rest }) =>
            first.scan({
              ...rest,
              qrId: code === undefined ? null : (codes[code]?.qrId ?? null),
              scannedAt: new Date(THEN - minutesAgo * 60_000).toISOString(),
            }),
          );
          await how(events);
          const state = JSON.stringify(await stateOf([first.user, ...codes.map(({ code }) => code)], first.userId));
          // Two runs differ in their ids only.
          const names = [...codes.map(({ qrId }) => qrId), ...events.map(({ eventId }) => eventId)];
          return names.reduce((text, name, i) => text.replaceAll(name, `#${i}#`), state);
        };
        const once = await run(async (events) => void (await deliver(...events)));
        const often = await run(async (events) => {
          for (const batch of batches) await deliver(...batch.flatMap((i) => events[i] ?? []));
        });
        const sorted = (text: string) => canonical(JSON.parse(text));
        expect(sorted(often)).toEqual(sorted(once));
      }),
      { numRuns: 15 },
    );
  });
});

/** Lists of equals in the order of their text: what happened at the same time has no other. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    return typeof items[0] === 'object'
      ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([key, item]) => [key, canonical(item)]),
  );
};
