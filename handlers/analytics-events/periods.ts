import { LRUCache } from 'lru-cache';
import { PERIOD_NAMES, type PeriodName, WINDOWS } from '../../lib/catalog/index.ts';

export { PERIOD_NAMES, type PeriodName };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One span of time that has counters of its own. */
interface Period {
  readonly lengthMs: number;
  /** How much of an ISO 8601 time names it. */
  readonly digits: number;
}

/** Everything that is counted by time; how long it is kept says the catalog ({@link WINDOWS}). */
export const PERIODS = {
  minute: { lengthMs: MINUTE, digits: 16 },
  hour: { lengthMs: HOUR, digits: 13 },
  day: { lengthMs: DAY, digits: 10 },
} as const satisfies Record<PeriodName, Period>;

/** How long after the last scan the rest is kept, seconds. */
export const KEPT_SECONDS = {
  /** Totals, and which codes a user has. */
  total: (730 * DAY) / SECOND,
  latest: (60 * DAY) / SECOND,
  /** The list of late parts: longer than any of them lives. */
  late: (3 * DAY) / SECOND,
  /** The salt of a day: then nobody can tell any more which address a visitor had. */
  salt: (2 * DAY) / SECOND,
  /** What waits for its rollup, from when it is due: as long as counters whose row is not saved. */
  touched: WINDOWS.minute.unsavedMs / SECOND,
} as const;

/** Clocks differ; a scan from further ahead than this is a mistake. */
export const MOST_AHEAD_MS = 5 * MINUTE;

/** When the period that holds a time has begun; both milliseconds since 1970. */
export const startOf = (period: PeriodName, time: number): number =>
  Math.floor(time / PERIODS[period].lengthMs) * PERIODS[period].lengthMs;

/** Names that were made lately: those of a batch are few, and making one costs as much as the rest of a key. */
const labels = new LRUCache<string, string>({ max: 1_000 });

/** The name of the period that holds a time, e.g. `2026-11-24T11:34` of a minute. */
export const labelOf = (period: PeriodName, time: number): string => {
  const { digits } = PERIODS[period];
  const id = `${period}${startOf(period, time)}`;
  const known = labels.get(id);
  if (known !== undefined) return known;
  const label = new Date(time).toISOString().slice(0, digits);
  labels.set(id, label);
  return label;
};

/** When a period with this label has begun, milliseconds since 1970. */
export const startIn = (period: PeriodName, label: string): number =>
  Date.parse(period === 'minute' ? `${label}:00Z` : period === 'hour' ? `${label}:00:00Z` : label);

/** When a minute with this label has begun, milliseconds since 1970. */
export const minuteOf = (label: string): number => startIn('minute', label);

/** Whether a scan of this time counts in its period's own counters at `now`; later ones are late. */
export const isCountable = (period: PeriodName, time: number, now: number): boolean =>
  startOf(period, time) + WINDOWS[period].liveMs > now;

/** When the counters of a period that began at `start` expire unless they are closed before, seconds since 1970. */
export const expiryOf = (period: PeriodName, start: number): number =>
  Math.ceil((start + WINDOWS[period].unsavedMs) / SECOND);
