import type { Ordering } from '../catalog/index.ts';
import { groupBy } from '../group-by.ts';
import { sideBySide } from '../side-by-side.ts';

/** What ordering depends on of a record. */
export interface Ordered {
  readonly partition: number;
  readonly key: Buffer | null;
  /** The same event may be in a batch twice. */
  readonly identity: { readonly duplicateId: string };
}

/** Groups of one batch that are processed at the same time. */
const GROUPS_AT_ONCE = 256;

/**
 * Sorts records into groups: those of a group are processed one after the other, groups side by side. With `partition` a
 * group is a partition; with `key` it is a key within a partition, and a record without a key has nothing to keep order
 * with; with `none` it is an event, however often the batch holds it.
 */
export const orderingGroups = <Record extends Ordered>(
  records: readonly Record[],
  ordering: Ordering,
): readonly (readonly Record[])[] => [...groupBy(records, (record) => groupName(record, ordering) ?? record).values()];

const groupName = ({ partition, key, identity }: Ordered, ordering: Ordering): string | undefined => {
  if (ordering === 'partition') return String(partition);
  if (ordering === 'key' && key !== null) return `${partition}/${key.toString('base64')}`;
  return identity.duplicateId === '' ? undefined : identity.duplicateId;
};

/** Processes groups side by side. */
export const eachGroup = <Record>(
  groups: readonly (readonly Record[])[],
  process: (group: readonly Record[]) => Promise<void>,
): Promise<void> => sideBySide(groups, GROUPS_AT_ONCE, process);
