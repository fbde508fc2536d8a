import type { HealthReport } from '../../../local/health.ts';
import type { Slot } from '../../../operations/figures/history.ts';

/** Sums of the last {@link LATELY_SECONDS}. */
export type Lately = Pick<Slot, 'topics' | 'all'>;

/** What `GET /api/live` sends: `slots` at first all that are kept, then those that changed. */
export interface LiveFigures {
  readonly slots: readonly Slot[];
  readonly lately: Lately;
}

/** Events of the stream by name. */
export interface LiveEvents {
  readonly figures: LiveFigures;
  readonly health: HealthReport;
}

/** The figures that stand beside the charts are of so many seconds. */
export const LATELY_SECONDS = 15;
