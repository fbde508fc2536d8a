import { topic as topicNamed } from '../../catalog/index.ts';
import type { CacheLoss, PartitionKnowledge } from '../../idempotency/index.ts';
import type { GroupPosition } from './group-positions.ts';

/** A partition that is to be replayed. */
export interface Rewind {
  readonly topic: GroupPosition['topic'];
  readonly group: string;
  readonly partition: number;
  /** Where its group stands, and where it is to continue. */
  readonly from: number;
  readonly to: number;
  /** The replay has ended when the group stands here again. */
  readonly upTo: number;
  /** Why it goes elsewhere than asked for. */
  readonly note: string | null;
}

/** Records that cannot be replayed, because Kafka has deleted them: what they did may be lost. */
export interface Gap {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

export interface RewindPlan {
  readonly rewinds: readonly Rewind[];
  readonly gaps: readonly Gap[];
}

/** Records that a rewind delivers again. */
export const replayedBy = ({ to, upTo }: Pick<Rewind, 'to' | 'upTo'>): number => Math.max(0, upTo - to);

/** What is known of a partition when its replay is planned. */
export interface RepairedPosition extends GroupPosition {
  readonly known: PartitionKnowledge;
  /** What functions have noticed: the cache had lost what came after an offset, although it knows what came since. */
  readonly loss?: Pick<CacheLoss, 'known' | 'at'> | undefined;
}

/**
 * Replays what lies after a time. No group goes forward; and each goes back at least to the beginning of the last delivery
 * the cache knows of, whose effects may be lost although the delivery is not.
 *
 * @param offsetAt first offset at or after the time; null where there is none
 */
export const planSince = (
  positions: readonly RepairedPosition[],
  offsetAt: (position: GroupPosition) => number | null,
): RewindPlan => planned(positions, (position) => sinceTarget(position, offsetAt(position)));

const sinceTarget = (position: RepairedPosition, atTime: number | null): Target => {
  const { committed, begin, known } = position;
  const wanted = Math.min(committed, atTime ?? committed);
  const to = Math.min(wanted, unsureFrom(position) ?? wanted);
  const lostFrom = Math.min(known.high, position.loss?.known ?? known.high) + 1;
  return {
    to: Math.max(to, Math.min(begin, committed)),
    note: to < wanted ? 'the cache is not sure of what came later' : null,
    // Where it knows nothing, nothing says how much it has lost.
    ...(lostFrom > 0 && lostFrom < committed ? { gapFrom: lostFrom } : {}),
  };
};

/** Records without an offset in between, as the marks of transactions are, and halves of a batch: twice a batch holds them. */
const BATCHES = 2;

/** First offset of the last delivery that the cache knows of; a replay that ended there began earlier, but had no effects. */
const unsureFrom = ({ topic, known: { first, high }, loss }: RepairedPosition): number | undefined => {
  const last = Math.min(high, loss?.known ?? high);
  if (last < 0) return undefined;
  const earliest = Math.max(0, last + 1 - BATCHES * topicNamed(topic).mapping.batchSize);
  return last < high ? earliest : Math.max(first, earliest);
};

/**
 * Replays what came after a backup.
 *
 * @param offsetOf where the group stood; undefined where the backup has no such group or partition
 */
export const planFromBackup = (
  positions: readonly RepairedPosition[],
  offsetOf: (position: GroupPosition) => number | undefined,
): RewindPlan => planned(positions, (position) => backupTarget(position, offsetOf(position)));

const backupTarget = ({ committed, begin, end }: RepairedPosition, stored: number | undefined): Target => {
  const first = Math.min(begin, committed);
  if (stored === undefined) return { to: first, note: 'not in the backup: from the first record' };
  if (stored > end) return { to: first, note: 'made again since the backup: from the first record' };
  if (stored < begin) return { to: first, note: 'records were deleted since the backup', gapFrom: stored };
  return { to: Math.min(stored, committed), note: null };
};

interface Target {
  readonly to: number;
  readonly note: string | null;
  /** First offset that should be replayed and is no longer there. */
  readonly gapFrom?: number;
}

const planned = (
  positions: readonly RepairedPosition[],
  targetOf: (position: RepairedPosition) => Target,
): RewindPlan => {
  const rewinds: Rewind[] = [];
  const gaps: Gap[] = [];
  for (const position of positions) {
    const { topic, group, partition, committed, known } = position;
    const { to, note, gapFrom } = targetOf(position);
    // A repair that was interrupted is to end where it was to end.
    const upTo = Math.max(committed, known.repairedTo);
    if (to < upTo) rewinds.push({ topic, group, partition, from: committed, to, upTo, note });
    const gapTo = Math.min(position.begin, committed);
    if (gapFrom !== undefined && gapFrom < gapTo) gaps.push({ topic, partition, from: gapFrom, to: gapTo });
  }
  return { rewinds, gaps };
};
