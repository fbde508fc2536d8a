import { eventOf } from '../events/index.ts';
import type { Periodic } from './periodic.ts';
import { SCHEDULER } from './publish-due.ts';

const MINUTE = 60_000;

/** Everything that happens again and again. */
export const PERIODS: readonly Periodic[] = [
  {
    name: 'analytics-rollup',
    everyMs: MINUTE,
    event: (minute, origin) => eventOf('analytics.rollup.requested', { minute }, { source: SCHEDULER, ...origin }),
  },
];
