import type { Ordering } from '../catalog/index.ts';

/** What a lane needs to know of a record. */
export interface Ordered {
  readonly partition: number;
  readonly key: Buffer | null;
  /** Mark of what it holds: the same event may be in a batch twice. */
  readonly doneMark?: string | undefined;
}

/**
 * Sorts records into lanes: those of a lane are worked one after the other, lanes side by side. With `partition` a lane is
 * a partition; with `key` it is a key within a partition, and a record without a key has nothing to keep order with; with
 * `none` it is an event, however often the batch holds it.
 */
export const lanesOf = <Record extends Ordered>(
  records: readonly Record[],
  ordering: Ordering,
): readonly Record[][] => {
  const lanes = new Map<string, Record[]>();
  const alone: Record[][] = [];
  for (const record of records) {
    const name = laneName(record, ordering);
    const lane = name === undefined ? undefined : lanes.get(name);
    if (lane !== undefined) lane.push(record);
    else if (name === undefined) alone.push([record]);
    else lanes.set(name, [record]);
  }
  return [...lanes.values(), ...alone];
};

const laneName = ({ partition, key, doneMark }: Ordered, ordering: Ordering): string | undefined => {
  if (ordering === 'partition') return String(partition);
  return ordering === 'key' && key !== null ? `${partition}/${key.toString('base64')}` : doneMark;
};
