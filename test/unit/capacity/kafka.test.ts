import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClusterLoad, expressPlan, standardPlan } from '../../../lib/operations/capacity/index.ts';

/** Records of 1 KiB, kept for 7 days, five times as many at the peak. */
const likeAws = (eventsPerDay: number): ClusterLoad => ({
  partitions: 106,
  peakBytes: (5 * eventsPerDay * 1_024) / 86_400,
  bytesPerDay: eventsPerDay * 1_024,
  keptBytes: 7 * eventsPerDay * 1_024,
});

describe('what brokers cost a month', () => {
  it.each([
    [1e6, 451, 895],
    [1e8, 898, 1_032],
    [1e9, 6_295, 3_167],
  ])('is what AWS’s own sizing says of %d events a day, within a hundredth', (events, standard, express) => {
    expect(Math.abs(standardPlan(likeAws(events)).usd / standard - 1)).toBeLessThan(0.01);
    expect(Math.abs(expressPlan(likeAws(events)).usd / express - 1)).toBeLessThan(0.01);
  });

  const loads = fc.record({
    partitions: fc.integer({ min: 1, max: 5_000 }),
    peakBytes: fc.double({ min: 0, max: 1e10, noNaN: true }),
    bytesPerDay: fc.double({ min: 0, max: 1e14, noNaN: true }),
    keptBytes: fc.double({ min: 0, max: 1e16, noNaN: true }),
  });

  it('is for brokers in threes, which take the load and hold it', () => {
    fc.assert(
      fc.property(loads, (load) => {
        for (const { brokers, volumeGib = 0 } of [expressPlan(load), standardPlan(load)]) {
          expect(brokers % 3).toBe(0);
          expect(brokers).toBeGreaterThanOrEqual(3);
          expect(volumeGib).toBeLessThanOrEqual(16_384);
          expect((3 * load.partitions) / brokers).toBeLessThanOrEqual(1_000);
        }
      }),
    );
  });

  it('is never less for more', () => {
    fc.assert(
      fc.property(loads, fc.double({ min: 1, max: 100, noNaN: true }), (load, times) => {
        const more = {
          partitions: load.partitions,
          peakBytes: load.peakBytes * times,
          bytesPerDay: load.bytesPerDay * times,
          keptBytes: load.keptBytes * times,
        };
        for (const plan of [expressPlan, standardPlan]) expect(plan(more).usd).toBeGreaterThanOrEqual(plan(load).usd);
      }),
    );
  });
});
