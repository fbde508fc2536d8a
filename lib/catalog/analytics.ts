import type { PolicyName } from './retention.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Spans of time by which scans are counted. */
export const PERIOD_NAMES = ['minute', 'hour', 'day'] as const;

export type PeriodName = (typeof PERIOD_NAMES)[number];

/** How scans of one period are kept; all in milliseconds from when the period began. */
export interface Window {
  /** Scans are counted in the period's own counters for so long; later ones are late (docs/architecture.md, "Scans"). */
  readonly liveMs: number;
  /** The counters stay so long when all is well: what is beyond `liveMs` covers clocks that differ and the way into history. */
  readonly keptMs: number;
  /** The counters stay so long while their row is not known to be in history. */
  readonly unsavedMs: number;
  /** What deletes its rows from history. */
  readonly policy: PolicyName;
}

/** What the cache holds of scans by time. Everything older lies in history, as long as its policy says. */
export const WINDOWS = {
  minute: { liveMs: 2 * HOUR, keptMs: 2 * HOUR + 15 * MINUTE, unsavedMs: 2 * DAY, policy: 'history-minutes' },
  hour: { liveMs: 1 * DAY, keptMs: 1 * DAY + 6 * HOUR, unsavedMs: 3 * DAY + 6 * HOUR, policy: 'history-hours' },
  day: { liveMs: 7 * DAY, keptMs: 8 * DAY, unsavedMs: 10 * DAY, policy: 'history-days' },
} as const satisfies Record<PeriodName, Window>;
