import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOPIC_NAMES, topicOf } from '../../../lib/catalog/index.ts';
import type { EventOf } from '../../../lib/events/index.ts';
import { keyOf } from '../../../lib/events/outbound.ts';
import { plan, type Step } from '../../../lib/operations/simulation/plan.ts';
import { stage } from '../../../lib/operations/simulation/stage.ts';

const RUN = '01a20d56-3a36-74bd-90dd-fe6c6aa6cbfb';
const NOON = Date.UTC(2026, 4, 1, 12);

const stepsOf = (seed: number, count: number): Step[] => {
  const steps = plan(
    stage(seed, 'test', () => NOON),
    RUN,
  );
  return Array.from({ length: count }, () => steps.next().value);
};

const isScan = (event: EventOf): event is EventOf<'qr.scanned'> => event.eventType === 'qr.scanned';

describe('a simulated day', () => {
  it('is the same for the same seed and run', () => {
    const told = (seed: number) => stepsOf(seed, 500).map(({ event, again }) => ({ event, again }));
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(told(seed)).toEqual(told(seed));
      }),
      { numRuns: 5 },
    );
    expect(told(1)).not.toEqual(told(2));
  });

  it('has events for every topic but the dead-letter queue, scans most of all', () => {
    const counts = new Map<string, number>();
    for (const { event } of stepsOf(1, 10_000)) {
      const { name = '' } = topicOf(event.eventType) ?? {};
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(TOPIC_NAMES.filter((name) => name !== 'dead-letter-queue').sort());
    expect(counts.get('analytics-events')).toBeGreaterThan(7_000);
    expect(counts.get('analytics-events')).toBeLessThan(7_800);
  });

  it('has a few codes with most of the scans, bots, late scans, repeats and spoiled records', () => {
    const steps = stepsOf(7, 10_000);
    const scans = steps.flatMap(({ event }) => (isScan(event) ? [event.payload] : []));
    const byCode = new Map<string | null, number>();
    for (const { qrId } of scans) byCode.set(qrId, (byCode.get(qrId) ?? 0) + 1);
    const top = [...byCode.values()].sort((a, b) => b - a).slice(0, byCode.size / 5);
    expect(top.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(scans.length / 2);
    expect(scans.filter(({ userAgent }) => /bot|curl/i.test(userAgent ?? '')).length).toBeGreaterThan(100);
    expect(scans.filter(({ scannedAt }) => scannedAt !== null && Date.parse(scannedAt) < NOON).length).toBeGreaterThan(
      50,
    );
    expect(steps.filter(({ again }) => again).length).toBeGreaterThan(100);
    expect(steps.filter(({ spoiling }) => spoiling !== undefined).length).toBeGreaterThan(10);
  });

  it('repeats what was published before, under the same event id', () => {
    const seen = new Map<string, Step>();
    for (const step of stepsOf(3, 5_000)) {
      const { eventId } = step.event;
      if (step.again) expect(seen.get(eventId)?.event).toBe(step.event);
      else expect(seen.has(eventId)).toBe(false);
      seen.set(eventId, step);
    }
  });

  it('keeps what happens to one team in its order', () => {
    const first = new Map<string, string>();
    for (const { event } of stepsOf(5, 5_000)) {
      if (topicOf(event.eventType)?.name !== 'team-collaboration') continue;
      const key = keyOf(event).toString();
      if (!first.has(key)) first.set(key, event.eventType);
    }
    expect(first.size).toBeGreaterThan(10);
    expect(new Set(first.values())).toEqual(new Set(['team.created']));
  });
});
