import { POLICIES } from '../catalog/index.ts';
import { eventOf } from '../events/index.ts';
import type { Periodic } from './periodic.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Each policy of the catalog is swept once a day, from midnight UTC on. */
export const SWEEPS: readonly Periodic[] = POLICIES.map((policy) => ({
  name: `retention/${policy}`,
  everyMs: DAY_MS,
  event: (_start, origin) => eventOf('retention.sweep.requested', { policy }, { source: 'scheduler', ...origin }),
}));
