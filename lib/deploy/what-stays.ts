import type { Template } from './template.ts';

/** Resources of one type that are left behind when their stack is deleted. */
export interface Staying {
  readonly type: string;
  readonly count: number;
}

/** What `destroy` does not delete: resources whose deletion policy is to retain them, or to keep a snapshot. */
export const whatStays = (templates: readonly Template[]): readonly Staying[] => {
  const counts = new Map<string, number>();
  for (const { Resources = {} } of templates) {
    for (const { Type, DeletionPolicy } of Object.values(Resources)) {
      if (DeletionPolicy?.startsWith('Retain') || DeletionPolicy === 'Snapshot')
        counts.set(Type, (counts.get(Type) ?? 0) + 1);
    }
  }
  return [...counts].map(([type, count]) => ({ type, count })).sort((a, b) => a.type.localeCompare(b.type));
};
