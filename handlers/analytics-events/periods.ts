import { LRUCache } from 'lru-cache';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One span of time that has counters of its own. */
interface Period {
  readonly lengthMs: number;
  /** How long its counters are kept after it has begun. */
  readonly keptMs: number;
  /** How much of an ISO 8601 time names it. */
  readonly digits: number;
}

/** Everything that is counted by time, and how long it is kept. */
export const PERIODS = {
  minute: { lengthMs: MINUTE, keptMs: 2 * DAY, digits: 16 },
  hour: { lengthMs: HOUR, keptMs: 60 * DAY, digits: 13 },
  day: { lengthMs: DAY, keptMs: 730 * DAY, digits: 10 },
} as const satisfies Record<string, Period>;

export type PeriodName = keyof typeof PERIODS;

export const PERIOD_NAMES: readonly PeriodName[] = ['minute', 'hour', 'day'];

/** How long after the last scan the rest is kept, seconds. */
export const KEPT_SECONDS = {
  /** Totals, and which codes a user has. */
  total: (730 * DAY) / SECOND,
  latest: (60 * DAY) / SECOND,
  /** The salt of a day: then nobody can tell any more which address a visitor had. */
  salt: (2 * DAY) / SECOND,
  /** What waits for its rollup: as long as the minutes it is about. */
  touched: (2 * DAY) / SECOND,
} as const;

/** Clocks differ; a scan from further ahead than this is a mistake. */
export const MOST_AHEAD_MS = 5 * MINUTE;

/** A scan so shortly before its period's counters expire is not counted there: it might find them gone. */
const MARGIN_MS = HOUR;

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

/** When a minute with this label has begun, milliseconds since 1970. */
export const minuteOf = (label: string): number => Date.parse(`${label}:00Z`);

/** Whether a scan of this time still counts in its period at `now`. */
export const isCountable = (period: PeriodName, time: number, now: number): boolean =>
  startOf(period, time) + PERIODS[period].keptMs - MARGIN_MS > now;

/** When the counters of a period that began at `start` expire, seconds since 1970. */
export const expiryOf = (period: PeriodName, start: number): number =>
  Math.ceil((start + PERIODS[period].keptMs) / SECOND);
