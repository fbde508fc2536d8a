import fc from 'fast-check';
import { expect, it } from 'vitest';
import { age } from '../../../lib/cli/format.ts';
import type { GroupDetail, GroupPartition } from '../../../lib/operations/groups.ts';
import { lagRowsOf } from '../../../lib/operations/lag.ts';

const NOW = 1_000_000;

const partition = (topic: string, number: number, lag: number): GroupPartition => ({
  ...{ topic, partition: number, committed: 0, begin: 0, end: lag, lag, member: null },
});
const groupOf = (group: string, partitionDetails: readonly GroupPartition[]): GroupDetail => ({
  ...{ group, state: 'Stable', members: 1, lag: 0, memberDetails: [], partitionDetails },
  topics: [...new Set(partitionDetails.map(({ topic }) => topic))],
});

it('a group is as late as its oldest unread record, on each of its topics', () => {
  const [a, b, c] = [partition('t', 0, 3), partition('t', 1, 2), partition('u', 0, 0)];
  const times = new Map([
    [a, NOW - 5_000],
    [b, NOW - 90_000],
  ]);
  expect(lagRowsOf([groupOf('g', [a, b, c])], (one) => times.get(one) ?? null, NOW)).toMatchObject([
    { group: 'g', topic: 't', lag: 5, behind: 2, lagMs: 90_000, oldestUnread: new Date(NOW - 90_000).toISOString() },
    { group: 'g', topic: 'u', lag: 0, behind: 0, lagMs: null, oldestUnread: null },
  ]);
});

it('the furthest behind comes first, and no record is counted twice or left out', () => {
  const groups = fc.array(fc.array(fc.tuple(fc.constantFrom('t', 'u'), fc.nat(5)), { minLength: 1 }), { maxLength: 6 });
  fc.assert(
    fc.property(groups, (lists) => {
      const details = lists.map((list, i) =>
        groupOf(
          `g${i}`,
          list.map(([topic, lag], number) => partition(topic, number, lag)),
        ),
      );
      const rows = lagRowsOf(details, ({ lag }) => (lag > 0 ? NOW - lag : null), NOW);
      const late = rows.map(({ lagMs }) => lagMs ?? -1);
      expect(late).toEqual([...late].sort((a, b) => b - a));
      const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
      expect(sum(rows.map(({ lag }) => lag))).toBe(sum(lists.flat().map(([, lag]) => lag)));
    }),
  );
});

it.each([
  [0, 'under 1 s'],
  [59_999, '59 s'],
  [3_599_999, '59 min'],
  [86_400_000 * 3, '3 d'],
])('%d ms are %s', (ms, words) => expect(age(ms)).toBe(words));
