import type { Ordering } from '../catalog/index.ts';
import { groupBy } from '../group-by.ts';
import type { RecordIdentity } from '../idempotency/index.ts';
import { sideBySide } from '../side-by-side.ts';

/** What ordering depends on of a record. */
export interface Ordered {
  readonly partition: number;
  readonly identity: Pick<RecordIdentity, 'tag'>;
}

/** Groups of one batch that are processed at the same time. */
const GROUPS_AT_ONCE = 256;

/**
 * Sorts records into groups: those of a group are processed one after the other, groups side by side. With `partition` a
 * group is a partition; with `key` it is an owner within a partition, by whatever key its records came; with `none` it is a
 * record.
 */
export const orderingGroups = <Record extends Ordered>(
  records: readonly Record[],
  ordering: Ordering,
): readonly (readonly Record[])[] => [...groupBy(records, (record) => groupName(record, ordering) ?? record).values()];

const groupName = ({ partition, identity }: Ordered, ordering: Ordering): string | undefined => {
  if (ordering === 'partition') return String(partition);
  return ordering === 'key' ? `${partition}/${identity.tag}` : undefined;
};

/** Processes groups side by side. */
export const eachGroup = <Record>(
  groups: readonly (readonly Record[])[],
  process: (group: readonly Record[]) => Promise<void>,
): Promise<void> => sideBySide(groups, GROUPS_AT_ONCE, process);
