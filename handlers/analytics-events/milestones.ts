import { type FollowUp, IN_APP_AND_EMAIL, notified } from '../../lib/consumer/index.ts';
import { derivedEventId } from '../../lib/events/index.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import { totalKey } from './keys.ts';
import { KEPT_SECONDS } from './periods.ts';

/** Numbers of scans, bots left out, at which the owner of a code is told. */
export const MILESTONES: readonly number[] = [2, 3, 4, 5, 6, 7, 8, 9].map((power) => 10 ** power);

/** A milestone that a code has reached. */
export interface Milestone {
  readonly qrId: string;
  readonly userId: string;
  readonly scans: number;
}

/** The milestones between what was told last and what was counted, in order. */
export const reached = (told: number, scans: number): readonly number[] =>
  MILESTONES.filter((milestone) => milestone > told && milestone <= scans);

/** The same for every rollup that finds the milestone, so that it is told once. */
const idOf = ({ qrId, scans }: Milestone, what: string): string => derivedEventId(qrId, `milestone/${scans}/${what}`);

export const milestoneEvents = (milestone: Milestone): readonly FollowUp[] =>
  IN_APP_AND_EMAIL.map((channel) => ({
    ...notified({
      userId: milestone.userId,
      channel,
      template: 'milestone',
      data: { qrId: milestone.qrId, scans: String(milestone.scans) },
      dedupeKey: `milestone/${milestone.qrId}/${milestone.scans}`,
    }),
    id: idOf(milestone, channel),
  }));

export const milestoneUpdate = (milestone: Milestone) => ({
  userId: milestone.userId,
  type: 'qr.milestone',
  id: idOf(milestone, 'update'),
  data: { qrId: milestone.qrId, scans: milestone.scans },
});

/** The writes that remember what was told; hash tag: the code. */
export const keepMilestone = (qrId: string, scans: number): readonly RedisCommand[] => {
  const key = totalKey({ kind: 'code', id: qrId });
  return [
    ['HSET', key, 'milestone', scans],
    ['EXPIRE', key, KEPT_SECONDS.total],
  ];
};
