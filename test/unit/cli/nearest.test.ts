import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOPIC_NAMES } from '../../../lib/catalog/index.ts';
import { distance, nearest } from '../../../lib/operations/nearest.ts';

describe('the nearest name', () => {
  it.each([
    ['analytics-event', 'analytics-events'],
    ['analitycs-events', 'analytics-events'],
    ['bulk-qr', 'bulk-qr-processing'],
    ['Notifications', 'notifications'],
    ['audit-log', 'audit-logs'],
  ])('of %s is %s', (typed, meant) => expect(nearest(typed, TOPIC_NAMES)).toBe(meant));

  it.each(['x', 'orders', 'qqqqqqqq', ''])('of %j is none', (typed) => {
    expect(nearest(typed, TOPIC_NAMES)).toBeUndefined();
  });
});

describe('the distance of two words', () => {
  it('is zero only for the same word, and the same both ways', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(distance(a, b) === 0).toBe(a === b);
        expect(distance(a, b)).toBe(distance(b, a));
      }),
    );
  });

  it('is one after swapping two neighbours', () => {
    expect(distance('topics', 'tpoics')).toBe(1);
  });
});
