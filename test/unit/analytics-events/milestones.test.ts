import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MILESTONES,
  milestoneEvents,
  milestoneUpdate,
  reached,
} from '../../../handlers/analytics-events/milestones.ts';

describe('milestones', () => {
  it.each([
    [0, 99, []],
    [0, 100, [100]],
    [100, 999, []],
    [0, 12_000, [100, 1_000, 10_000]],
    [1_000, 12_000, [10_000]],
  ])('told up to %i, of %i scans are %j', (told, scans, expected) => {
    expect(reached(told, scans)).toEqual(expected);
  });

  it('are each told once, however the scans come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000_000 }), { maxLength: 20 }), (looks) => {
        const counts = [...looks].sort((a, b) => a - b);
        const told: number[] = [];
        for (const scans of counts) told.push(...reached(told.at(-1) ?? 0, scans));
        expect(told).toEqual(MILESTONES.filter((milestone) => milestone <= (counts.at(-1) ?? 0)));
      }),
    );
  });

  it('have the same events and update for whoever finds them', () => {
    const milestone = { qrId: 'code-1', userId: 'user-1', scans: 100 };
    const ids = () => [...milestoneEvents(milestone), milestoneUpdate(milestone)].map(({ id }) => id);
    expect(ids()).toEqual(ids());
    expect(new Set(ids()).size).toBe(3);
  });
});
