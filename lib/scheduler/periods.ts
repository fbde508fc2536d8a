import { eventOf } from '../events/index.ts';
import type { Periodic } from './periodic.ts';
import { SWEEPS } from './sweeps.ts';

const MINUTE_MS = 60_000;

/** Everything that happens again and again. */
export const PERIODS: readonly Periodic[] = [
  {
    name: 'bulk-admission',
    everyMs: MINUTE_MS,
    event: (minute, origin) => eventOf('bulk.qr.admission.due', { minute }, { source: 'scheduler', ...origin }),
  },
  {
    name: 'analytics-rollup',
    everyMs: MINUTE_MS,
    event: (minute, origin) => eventOf('analytics.rollup.requested', { minute }, { source: 'scheduler', ...origin }),
  },
  ...SWEEPS,
];
