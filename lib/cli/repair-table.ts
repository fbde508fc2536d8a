import { groupBy } from '../group-by.ts';
import type { Repaired, RepairPlan } from '../operations/repair/index.ts';
import { type Rewind, replayedBy } from '../operations/repair/rewind-plan.ts';
import { number } from './format.ts';
import { right, table } from './table.ts';

const sumOf = (rewinds: readonly Rewind[]): number => rewinds.reduce((sum, one) => sum + replayedBy(one), 0);

const notesOf = (rewinds: readonly Rewind[]): string =>
  [...new Set(rewinds.flatMap(({ note }) => (note === null ? [] : [note])))].join('; ');

/** What a repair would replay, by topic. */
export const planTable = ({ rewinds, gaps }: RepairPlan): string => {
  const rows = [...groupBy(rewinds, ({ topic }) => topic)].map(([topic, own]) => [
    ...[topic, own[0]?.group ?? '', number(own.length), number(sumOf(own))],
    notesOf(own),
  ]);
  const lines = gaps.map(
    ({ topic, partition, from, to }) =>
      `${topic} [${partition}]: offsets ${from} to ${to - 1} were deleted by Kafka and cannot be replayed`,
  );
  return [table(['TOPIC', 'GROUP', right('PARTITIONS'), right('RECORDS AGAIN'), ''], rows), ...lines].join('\n');
};

/** The same for programs. */
export const planJson = ({ since, rewinds, gaps, continued }: RepairPlan) => ({
  since: since === undefined ? null : new Date(since).toISOString(),
  continues: continued?.begunAt ?? null,
  records: sumOf(rewinds),
  rewinds,
  gaps,
});

/** What a repair has done, by topic. */
export const repairedTable = ({ topics }: Repaired): string =>
  table(
    ['TOPIC', 'GROUP', ...['REPLAYED', 'TOOK EFFECT AGAIN', 'DEAD-LETTERED'].map(right)],
    topics.map(({ topic, group, replayed, appliedAgain, deadLettered }) => [
      ...[topic, group, number(replayed)],
      ...[number(appliedAgain), number(deadLettered)],
    ]),
  );
