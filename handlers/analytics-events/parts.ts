import { type PeriodName, WINDOWS } from '../../lib/catalog/index.ts';
import { PERIODS } from './periods.ts';

/**
 * A period's scans are counted in parts that add up. Part 0 is what comes while the period's window is open. Its counters
 * leave the cache some time after that, so a scan that comes later must not be counted there: the counters would begin anew,
 * and their row, with a smaller revision, would be taken for an old one and lost. It is counted in a part of its own, named by
 * the hour in which it came, so that a part's counters live until all of them are in history.
 */
export const ON_TIME = 0;

/** The part of scans that are late at `now`: hours since 1970. */
export const latePart = (now: number): number => Math.floor(now / PERIODS.hour.lengthMs);

const SECOND = 1_000;

/** When the counters of a late part expire unless they are closed before, seconds since 1970. */
export const partExpiry = (part: number): number =>
  Math.ceil(((part + 1) * PERIODS.hour.lengthMs + WINDOWS.minute.unsavedMs) / SECOND);

/** Clocks differ, and a function that has found counters alive takes a minute to add to them. */
const GRACE_MS = WINDOWS.minute.keptMs - WINDOWS.minute.liveMs;

/**
 * When counters may expire whose row is in history, seconds since 1970; never within minutes.
 *
 * @param start when the period began
 */
export const closedExpiry = (period: PeriodName, start: number, part: number, now: number): number => {
  const end = part === ON_TIME ? start + WINDOWS[period].keptMs : (part + 1) * PERIODS.hour.lengthMs + GRACE_MS;
  return Math.ceil(Math.max(end, now + GRACE_MS) / SECOND);
};

/** Counters with so little left, seconds, may be gone before somebody has added to them. */
export const TOO_SHORT_SECONDS = GRACE_MS / SECOND / 3;
