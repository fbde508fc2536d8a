/**
 * What is deleted when it has become old enough, once a day. How it is found and deleted stands in
 * handlers/data-retention/steps.ts, which the compiler holds against this table. What Redis expires by itself is not here.
 */
export const RETENTION = {
  'dead-letters': { days: 90, what: 'Dead letters, by the time of their last failure, with the records they keep' },
  'dead-letter-failures': { days: 90, what: 'Records that the handler of dead letters has failed on itself' },
  'history-minutes': { days: 90, what: 'Scans by minute, of codes and users, once they are out of the cache' },
  'history-hours': { days: 730, what: 'Scans by hour' },
  'history-days': { days: 1_825, what: 'Scans by day, with their unique visitors' },
  batches: { days: 90, what: 'Items, work files and zips of batches, by the time they were written' },
} as const satisfies Record<string, { readonly days: number; readonly what: string }>;

export type PolicyName = keyof typeof RETENTION;

export const isPolicy = (name: string): name is PolicyName => Object.hasOwn(RETENTION, name);

export const POLICIES: readonly PolicyName[] = Object.keys(RETENTION).filter(isPolicy);
