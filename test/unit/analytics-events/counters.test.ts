import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countersOf, LATEST, type Part } from '../../../handlers/analytics-events/counters.ts';
import { lateKeyIn, prefixOf, visitorsKey } from '../../../handlers/analytics-events/keys.ts';
import { latePart, ON_TIME } from '../../../handlers/analytics-events/parts.ts';
import { isCountable } from '../../../handlers/analytics-events/periods.ts';
import { keysOf } from '../../../handlers/analytics-events/places.ts';
import type { Scan } from '../../../handlers/analytics-events/scan.ts';
import { isCounting, keysOf as keysWritten, type Write } from '../../../lib/stores/writes.ts';

const CODE = { kind: 'code', id: 'code-1' } as const;
const NOW = Date.parse('2026-01-02T03:04:05.000Z');

const anyScan = fc
  .record({
    id: fc.uuid(),
    isBot: fc.boolean(),
    minutesAgo: fc.integer({ min: 0, max: 200_000 }),
    visitor: fc.constantFrom('a', 'b', undefined),
    country: fc.constantFrom('DE', 'FR'),
  })
  .map(
    ({ id, isBot, minutesAgo, visitor, country }): Scan => ({
      id,
      qrId: 'code-1',
      userId: 'user-1',
      at: NOW - minutesAgo * 60_000,
      now: NOW,
      isBot,
      city: null,
      visitor,
      values: { country, device: 'mobile', referrer: 'direct', os: 'iOS', browser: 'Safari', action: 'scan' },
    }),
  );

/** What counting writes come to, by key and field. */
const sumsOf = (writes: readonly Write[]): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const write of writes) {
    if (!isCounting(write) || write.kind === 'count-distinct') continue;
    const { targets, amounts } = write;
    const prefix = write.kind === 'count' ? '' : `${write.dimension}:`;
    for (const { key } of targets) {
      for (let i = 0; i < amounts.length; i += 2) {
        const field = `${key} ${prefix}${amounts[i]}`;
        sums[field] = (sums[field] ?? 0) + Number(amounts[i + 1]);
      }
    }
  }
  return sums;
};

const partOf = (scan: Scan): Part => ({
  subject: { kind: 'code', id: 'code-1' },
  scan,
  minutePart: isCountable('minute', scan.at, scan.now) ? ON_TIME : latePart(scan.now),
});

describe('the writes of several scans', () => {
  it('add up to the same, in whatever company and order they are counted', () => {
    fc.assert(
      fc.property(fc.array(anyScan, { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), (scans, size) => {
        const parts = scans.map(partOf);
        const split = Array.from({ length: Math.ceil(parts.length / size) }, (_, i) =>
          countersOf(parts.slice(i * size, (i + 1) * size)),
        ).reverse();
        expect(sumsOf(split.flat())).toEqual(sumsOf(countersOf(parts)));
      }),
    );
  });

  it('leave the same newest ones, also of scans of one moment', () => {
    const newest = (writes: readonly Write[]): string[] => {
      const kept = new Map<string, number>();
      for (const write of writes) {
        if (isCounting(write) || write[0] !== 'ZADD') continue;
        const [, , ...entries] = write;
        for (let i = 0; i < entries.length; i += 2) kept.set(String(entries[i + 1]), Number(entries[i]));
      }
      // As Redis orders and trims them.
      const order = [...kept].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
      return order.slice(-LATEST).map(([member]) => member);
    };
    const atOnce = fc.array(anyScan, { minLength: 30, maxLength: 60 });
    fc.assert(
      fc.property(atOnce, fc.integer({ min: 1, max: 60 }), (scans, size) => {
        const parts = scans.map((scan) => partOf({ ...scan, at: NOW - (scan.at % 2) * 60_000 }));
        const split = Array.from({ length: Math.ceil(parts.length / size) }, (_, i) =>
          countersOf(parts.slice(i * size, (i + 1) * size)),
        ).reverse();
        expect(newest(split.flat())).toEqual(newest(countersOf(parts)));
      }),
    );
  });

  it('are of one hash tag, and on no key that an erasure would not find', () => {
    fc.assert(
      fc.property(fc.array(anyScan, { maxLength: 10 }), (scans) => {
        const writes = countersOf(scans.map(partOf));
        // Late parts are on a list, which is read first.
        const late = writes.flatMap((write) => (!isCounting(write) && write[0] === 'SADD' ? [String(write[2])] : []));
        const listed = [lateKeyIn(prefixOf(CODE)), ...late.flatMap((key) => [key, visitorsKey(key)])];
        const known = new Set([...keysOf(CODE, NOW), ...listed]);
        const keys = keysWritten(writes);
        expect(keys.filter((key) => !known.has(key))).toEqual([]);
        expect(keys.filter((key) => !key.includes('{code-1}'))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
