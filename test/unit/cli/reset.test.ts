import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topicPartitions } from '../../../lib/cli/topic-partitions.ts';
import { planReset } from '../../../lib/operations/reset-plan.ts';
import { resetTarget } from '../../../lib/operations/reset-target.ts';

const PARTITIONS = [
  { partition: 0, begin: 0, end: 10, committed: 4 },
  { partition: 1, begin: 5, end: 7, committed: 7 },
  { partition: 2, begin: 0, end: 0, committed: null },
];

describe('the plan of a reset', () => {
  it('goes to the first offset that still exists', () => {
    expect(planReset(PARTITIONS, { to: 'earliest' })).toEqual([
      { partition: 0, from: 4, to: 0, change: 4, note: null },
      { partition: 1, from: 7, to: 5, change: 2, note: null },
      { partition: 2, from: null, to: 0, change: 0, note: null },
    ]);
  });

  it('goes to the end', () => {
    expect(planReset(PARTITIONS, { to: 'latest' }).map(({ to }) => to)).toEqual([10, 7, 0]);
  });

  it('moves an offset outside a partition to its nearest end and says so', () => {
    expect(planReset(PARTITIONS, { to: 'offset', offset: 3 }).map(({ to, note }) => [to, note])).toEqual([
      [3, null],
      [5, '3 is gone: set to the first offset'],
      [0, '3 is past the end: set to the end'],
    ]);
  });

  it('refuses an offset that lies in no partition', () => {
    expect(() => planReset(PARTITIONS, { to: 'offset', offset: 11 })).toThrow(
      'Offset 11 lies in no partition: they hold 0 to 10.',
    );
  });

  it('goes to the first record at or after a time, to the end when there is none', () => {
    const [late, early, empty] = planReset(
      [
        { partition: 0, begin: 0, end: 10, committed: 4, atTime: null },
        { partition: 1, begin: 5, end: 7, committed: 7, atTime: 6 },
        { partition: 2, begin: 0, end: 0, committed: null, atTime: null },
      ],
      { to: 'datetime', time: new Date(0) },
    );
    expect(late).toMatchObject({ to: 10, note: 'nothing that late: set to the end' });
    expect(early).toMatchObject({ to: 6, note: null });
    expect(empty).toMatchObject({ to: 0, note: null });
  });

  it('shifts each partition by so many records from where the group is, no further than its ends', () => {
    const shifted = (by: number) => planReset(PARTITIONS, { to: 'shift', by }).map(({ to }) => to);
    expect(shifted(-1)).toEqual([3, 6, 0]);
    expect(shifted(2)).toEqual([6, 7, 0]);
    expect(planReset(PARTITIONS, { to: 'shift', by: -5 }).map(({ to, note }) => [to, note])).toEqual([
      [0, '-1 is gone: set to the first offset'],
      [5, '2 is gone: set to the first offset'],
      [0, '-5 is gone: set to the first offset'],
    ]);
  });

  const partition = fc
    .record({ begin: fc.nat(1_000), length: fc.nat(1_000), committed: fc.option(fc.nat(3_000)) })
    .map(({ begin, length, committed }) => ({ partition: 0, begin, end: begin + length, committed }));
  const partitions = fc.array(partition, { minLength: 1, maxLength: 5 });
  const isInside = (all: readonly { begin: number; end: number }[], plan: readonly { to: number }[]): boolean =>
    plan.every(({ to }, i) => to >= (all[i]?.begin ?? Number.NaN) && to <= (all[i]?.end ?? Number.NaN));

  it('never leaves a partition', () => {
    fc.assert(
      fc.property(partitions, fc.nat(2_000), (all, offset) => {
        fc.pre(all.some(({ begin, end }) => offset >= begin && offset <= end));
        expect(isInside(all, planReset(all, { to: 'offset', offset }))).toBe(true);
      }),
    );
  });

  it('never leaves a partition by shifting', () => {
    fc.assert(
      fc.property(partitions, fc.integer({ min: -5_000, max: 5_000 }), (all, by) => {
        expect(isInside(all, planReset(all, { to: 'shift', by }))).toBe(true);
      }),
    );
  });
});

describe('where to reset to', () => {
  it('is told by the words users have in their notes', () => {
    expect(resetTarget('to-earliest', undefined)).toEqual({ to: 'earliest' });
    expect(resetTarget('to-latest', undefined)).toEqual({ to: 'latest' });
    expect(resetTarget('to-offset', '42')).toEqual({ to: 'offset', offset: 42 });
    expect(resetTarget('to-datetime', '2026-01-31T08:00:00Z')).toEqual({
      to: 'datetime',
      time: new Date('2026-01-31T08:00:00Z'),
    });
  });

  it.each([
    ['30m', 30],
    ['2h', 120],
    ['PT2H30M', 150],
    ['P1DT1M', 1_441],
    ['P1D', 1_440],
  ])('by-duration %s is so many minutes ago', (value, minutes) => {
    const now = Date.parse('2026-01-31T08:00:00Z');
    expect(resetTarget('by-duration', value, now)).toEqual({ to: 'datetime', time: new Date(now - minutes * 60_000) });
  });

  it('shift-by goes back or on', () => {
    expect(resetTarget('shift-by', '-100')).toEqual({ to: 'shift', by: -100 });
    expect(resetTarget('shift-by', '+7')).toEqual({ to: 'shift', by: 7 });
  });

  it('only some partitions are told as Kafka’s own tool takes them', () => {
    expect(topicPartitions('my.topic-1:0,3,3')).toEqual({ topic: 'my.topic-1', partitions: [0, 3] });
    for (const text of ['0,1', 'topic', 'topic:', 'topic:a', 'topic:1,']) {
      expect(() => topicPartitions(text)).toThrow('such as notifications:0,3');
    }
  });

  it.each([
    ['by-duration', undefined, 'by-duration needs a duration'],
    ['by-duration', 'P', '"P" is no duration'],
    ['by-duration', 'P1DT', '"P1DT" is no duration'],
    ['shift-by', 'x', '"x" is no number of messages'],
    ['to-offset', undefined, 'to-offset needs the offset.'],
    ['to-offset', '-1', '"-1" is no offset: a whole number from 0.'],
    ['to-offset', '99999999999999999999', 'is no offset'],
    ['to-datetime', undefined, 'to-datetime needs a time in ISO 8601.'],
    ['to-datetime', 'yesterday', '"yesterday" is no time in ISO 8601.'],
    ['to-datetime', '2026-13-01', '"2026-13-01" is no time in ISO 8601.'],
    ['to-earliest', '5', 'to-earliest takes no value'],
    ['to-earlest', undefined, 'Did you mean to-earliest?'],
  ])('%s %s is refused', (where, value, sentence) => {
    expect(() => resetTarget(where, value)).toThrow(sentence);
  });
});
