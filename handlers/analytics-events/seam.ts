import { type PeriodName, RETENTION, WINDOWS } from '../../lib/catalog/index.ts';
import type { HistoryRow } from '../../lib/stores/history/index.ts';
import { ON_TIME } from './parts.ts';
import { PERIODS, startOf } from './periods.ts';

/**
 * Who answers for which periods, by when they began, milliseconds since 1970. The cache has everything from `cacheFrom` on,
 * history everything before `historyTo`. Between them both are asked, because writers' clocks differ and rows take a while:
 * of a period's own counters, and of those of a late part, the one that has counted more is right.
 */
export interface Seam {
  readonly cacheFrom: number;
  readonly historyTo: number;
  /** What began before is deleted. */
  readonly keptFrom: number;
}

/** @param now milliseconds since 1970 */
export const seamOf = (step: PeriodName, now: number): Seam => {
  const { liveMs, keptMs, policy } = WINDOWS[step];
  const { lengthMs } = PERIODS[step];
  const graceMs = keptMs - liveMs;
  // The first period that begins after a time is the one after that which holds it.
  const after = (time: number): number => startOf(step, time) + lengthMs;
  return {
    cacheFrom: after(now - keptMs),
    historyTo: after(now - liveMs + graceMs),
    keptFrom: after(now - RETENTION[policy].days * PERIODS.day.lengthMs),
  };
};

/** What is counted of a period, from wherever it comes. */
export type Counted = Pick<HistoryRow, 'revision' | 'scans' | 'bots' | 'visitors' | 'by'>;

export const NOTHING: Counted = { revision: 0, scans: 0, bots: 0, visitors: 0, by: {} };

/** The same of one part of it. */
export type CountedPart = Counted & Pick<HistoryRow, 'start' | 'part'>;

/**
 * Puts together what cache and history say of each period.
 *
 * @param cached by the start of the period, its own counters
 * @param parts of history, any parts; of the cache, those that came late
 */
export const combined = (
  cached: ReadonlyMap<number, Counted>,
  parts: readonly CountedPart[],
): ReadonlyMap<number, Counted> => {
  const own = new Map(cached);
  const late = new Map<string, CountedPart>();
  for (const one of parts) {
    const place = `${one.start}/${one.part}`;
    const known = one.part === ON_TIME ? own.get(one.start) : late.get(place);
    if (one.revision <= (known?.revision ?? 0)) continue;
    if (one.part === ON_TIME) own.set(one.start, one);
    else late.set(place, one);
  }
  for (const one of late.values()) own.set(one.start, sumOf(own.get(one.start) ?? NOTHING, one));
  return own;
};

/** Visitors of late parts cannot be told from the others; they are about as many more. */
const sumOf = (a: Counted, b: Counted): Counted => ({
  revision: a.revision + b.revision,
  scans: a.scans + b.scans,
  bots: a.bots + b.bots,
  visitors: a.visitors + b.visitors,
  by: Object.fromEntries(
    [...new Set([...Object.keys(a.by), ...Object.keys(b.by)])].map((name) => [
      name,
      added(new Map(Object.entries(a.by)).get(name) ?? {}, new Map(Object.entries(b.by)).get(name) ?? {}),
    ]),
  ),
});

const added = (
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> => {
  const sums = new Map(Object.entries(a));
  for (const [name, amount] of Object.entries(b)) sums.set(name, (sums.get(name) ?? 0) + amount);
  return Object.fromEntries(sums);
};
