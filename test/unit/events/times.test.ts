import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeIn, timeOf } from '../../../lib/events/index.ts';

describe('a time in an event', () => {
  it.each([
    '-271821-04-20T00:00:00.000Z',
    '-000001-06-01T00:00:00Z',
    '0000-01-01T00:00:00+01:00',
    '+010000-01-01T00:00:00Z',
    '+275760-09-13T00:00:00.000Z',
    '9999-12-31T23:59:59.999-01:00',
    '2026-13-01',
    '2026-02-30',
    '2026-02-29T12:00:00Z',
    '2026-12-01T04:00:00',
    '2026-12-01 04:00',
    '2026-12-01T25:00:00Z',
    'Tue, 01 Dec 2026 01:00:00 GMT',
    '12/1/2026',
    '12',
    'foo 1',
    'yesterday',
    '',
  ])('%s is refused, with its field', (text) => {
    expect(() => timeOf('scannedAt', text)).toThrow(
      `scannedAt must be a time in ISO 8601, not ${JSON.stringify(text)}.`,
    );
  });

  it('is what its text says, and times sort as their texts do', () => {
    const [first, last] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];
    const time = fc.integer({ min: first, max: last });
    fc.assert(
      fc.property(time, time, (one, other) => {
        const [a, b] = [new Date(one).toISOString(), new Date(other).toISOString()];
        expect(timeIn(a)).toBe(one);
        expect(a < b).toBe(one < other);
      }),
      {
        examples: [
          [first, last],
          [-1, 0],
        ],
      },
    );
  });
});
