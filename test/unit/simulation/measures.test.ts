import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dice } from '../../../lib/operations/simulation/dice.ts';
import { latencyOf } from '../../../lib/operations/simulation/latency.ts';
import { dueAfter } from '../../../lib/operations/simulation/pace.ts';

describe('the load of a run', () => {
  it('comes to its total, never goes back, and is busiest in the middle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e7 }), (total, ms) => {
        const due = Array.from({ length: 101 }, (_, i) => dueAfter((ms * i) / 100, ms, total));
        expect(due[0]).toBe(0);
        expect(due.at(-1)).toBe(total);
        for (const [i, count] of due.entries()) expect(count).toBeGreaterThanOrEqual(due[i - 1] ?? 0);
      }),
    );
    const [quiet, busy] = [dueAfter(100, 1_000, 10_000), dueAfter(550, 1_000, 10_000) - dueAfter(450, 1_000, 10_000)];
    expect(busy).toBeGreaterThan(3 * quiet);
  });
});

describe('latency', () => {
  it('is given by its quantiles', () => {
    expect(latencyOf(Array.from({ length: 100 }, (_, i) => 100 - i))).toEqual({ p50: 51, p95: 96, p99: 100, max: 100 });
    expect(latencyOf([7])).toEqual({ p50: 7, p95: 7, p99: 7, max: 7 });
    expect(latencyOf([])).toBeUndefined();
  });
});

describe('the dice', () => {
  it('choose by weight and never what weighs nothing', () => {
    const chance = dice(1);
    const thrown = Array.from({ length: 3_000 }, () =>
      chance.weighted(['a', 'b', 'never'], (name) => ({ a: 2, b: 1 })[name] ?? 0),
    );
    expect(thrown.filter((name) => name === 'a').length).toBeGreaterThan(1_800);
    expect(thrown).not.toContain('never');
    expect(() => chance.weighted([], () => 1)).toThrow(RangeError);
  });
});
