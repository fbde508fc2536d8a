import { StreamError } from '../errors.ts';

/** Where a group is to continue. */
export type ResetTarget =
  | { readonly to: 'earliest' }
  | { readonly to: 'latest' }
  | { readonly to: 'offset'; readonly offset: number }
  | { readonly to: 'datetime'; readonly time: Date }
  /** So many records further, or back where it is negative. */
  | { readonly to: 'shift'; readonly by: number };

/** What is known of one partition before a reset. */
export interface PartitionOffsets {
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
  /** Null while the group has committed none. */
  readonly committed: number | null;
  /** Offset of the first record at or after the target's time; null when there is none. Only for `datetime`. */
  readonly atTime?: number | null;
}

export interface ResetStep {
  readonly partition: number;
  readonly from: number | null;
  readonly to: number;
  /** Records that will be read again (positive) or skipped (negative). */
  readonly change: number;
  /** Why the offset is not the one asked for. */
  readonly note: string | null;
}

/** What a reset comes to for the group, over all its partitions. */
export interface ResetEffect {
  /** Records that are read again. */
  readonly again: number;
  readonly skipped: number;
}

export const resetEffect = (steps: readonly ResetStep[]): ResetEffect => ({
  again: steps.reduce((sum, { change }) => sum + Math.max(0, change), 0),
  skipped: steps.reduce((sum, { change }) => sum + Math.max(0, -change), 0),
});

const targetOf = (
  target: ResetTarget,
  { begin, end, committed, atTime }: PartitionOffsets,
): { to: number; note: string | null } => {
  switch (target.to) {
    case 'earliest':
      return { to: begin, note: null };
    case 'latest':
      return { to: end, note: null };
    case 'datetime':
      // Kafka's clients answer a time after the last record with -1 or with the end.
      return atTime === null || atTime === undefined || atTime >= end
        ? { to: end, note: end > begin ? 'nothing that late: set to the end' : null }
        : { to: atTime, note: null };
    case 'shift':
      return nearest(Math.max(committed ?? begin, begin) + target.by, begin, end);
    case 'offset':
      return nearest(target.offset, begin, end);
  }
};

/** An offset that lies in the partition, with a note where it is not the one asked for. */
const nearest = (asked: number, begin: number, end: number): { to: number; note: string | null } => {
  if (asked < begin) return { to: begin, note: `${asked} is gone: set to the first offset` };
  if (asked > end) return { to: end, note: `${asked} is past the end: set to the end` };
  return { to: asked, note: null };
};

/**
 * From and to of every partition. An offset outside a partition is moved to its nearest end, with a note, because
 * partitions of one topic differ in length.
 *
 * @throws StreamError REFUSED when the asked offset lies in none of the partitions
 */
export const planReset = (partitions: readonly PartitionOffsets[], target: ResetTarget): ResetStep[] => {
  if (
    target.to === 'offset' &&
    partitions.length > 0 &&
    partitions.every(({ begin, end }) => target.offset < begin || target.offset > end)
  ) {
    const first = Math.min(...partitions.map(({ begin }) => begin));
    const last = Math.max(...partitions.map(({ end }) => end));
    throw new StreamError('REFUSED', `Offset ${target.offset} lies in no partition: they hold ${first} to ${last}.`);
  }
  return partitions.map((partition) => {
    const { to, note } = targetOf(target, partition);
    return {
      partition: partition.partition,
      from: partition.committed,
      to,
      change: Math.max(partition.committed ?? partition.begin, partition.begin) - to,
      note,
    };
  });
};
