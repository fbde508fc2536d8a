import { WINDOWS } from '../../lib/catalog/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { History, HistoryRow } from '../../lib/stores/history/index.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { cachedLateParts, cachedPeriods } from './cached-periods.ts';
import type { Subject } from './keys.ts';
import { type Gap, type MissingSpan, missingIn } from './missing.ts';
import { PERIODS, type PeriodName, startOf } from './periods.ts';
import { type Counted, type CountedPart, combined, NOTHING, type Seam, seamOf } from './seam.ts';

export type { MissingReason, MissingSpan } from './missing.ts';

/** Where scans are read from. */
export interface ScanPorts {
  readonly redis: Redis;
  readonly history: History;
  /** Milliseconds since 1970; the clock unless given. */
  readonly now?: () => number;
}

/** What is asked for: the periods of one length that overlap the time from `from` up to `to`. */
export interface ScansRange {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Milliseconds since 1970; not in the range itself. */
  readonly to: number;
  readonly step: PeriodName;
  /** Whether to tell countries, devices and the like as well; not unless given. */
  readonly withValues?: boolean;
}

/** What was counted in one period. */
export interface ScanPoint {
  /** When it began, ISO 8601, UTC. */
  readonly at: string;
  readonly scans: number;
  readonly bots: number;
  /**
   * Unique visitors, about (HyperLogLog, standard error 0.81 %). They cannot be added up over points: who comes in two of them
   * counts in both. Null where they are not told apart, in the minutes of a user.
   */
  readonly visitors: number | null;
  /** Scans by a dimension's values, where they were asked for. */
  readonly by?: Counted['by'];
}

export interface Scans {
  /** One for each period, in order; zero where nothing was counted. */
  readonly points: readonly ScanPoint[];
  /** Empty when the points are all that there is to know. */
  readonly missing: readonly MissingSpan[];
}

/** Points of one answer: five weeks of minutes, eleven years of hours. */
const MOST_POINTS = 100_000;

/** The longer period that is known in the cache when a shorter one is history already. */
const COARSER = { minute: 'hour', hour: 'day', day: undefined } as const;

/**
 * The scans of a code or a user in any range, from the cache and from history, as one series. A store that does not answer
 * costs its part of the series and no more; `missing` says so.
 *
 * @throws PermanentError USAGE for more than {@link MOST_POINTS} points
 */
export const readScans = async (
  { redis, history, now = Date.now }: ScanPorts,
  subject: Subject,
  { from, to, step, withValues = false }: ScansRange,
): Promise<Scans> => {
  const first = startOf(step, from);
  const { lengthMs } = PERIODS[step];
  const count = Math.max(0, Math.ceil((to - first) / lengthMs));
  if (count > MOST_POINTS) {
    throw new PermanentError('USAGE', `${count} points are more than the ${MOST_POINTS} of one answer.`, {
      next: 'Ask for a longer step, or for less at a time',
    });
  }
  if (count === 0) return { points: [], missing: [] };
  const end = first + count * lengthMs;
  const question = new Question({ redis, history, now: now() }, subject, step, withValues);
  const { counted, gaps } = await question.answer(first, end);
  const hasVisitors = subject.kind === 'code' || step !== 'minute';
  const points = startsIn(first, end, lengthMs).map((start) =>
    pointOf(start, counted.get(start) ?? NOTHING, hasVisitors, withValues),
  );
  return { points, missing: missingIn(gaps, first, end) };
};

const startsIn = (from: number, to: number, lengthMs: number): number[] =>
  Array.from({ length: Math.max(0, Math.ceil((to - from) / lengthMs)) }, (_, i) => from + i * lengthMs);

const pointOf = (
  start: number,
  { scans, bots, visitors, by }: Counted,
  hasVisitors: boolean,
  withValues: boolean,
): ScanPoint => ({
  at: new Date(start).toISOString(),
  scans,
  bots,
  visitors: hasVisitors ? visitors : null,
  ...(withValues ? { by } : {}),
});

interface Answer {
  readonly counted: ReadonlyMap<number, Counted>;
  readonly gaps: readonly Gap[];
}

/** One reading of a subject's periods. */
class Question {
  readonly #redis: Redis;
  readonly #history: History;
  readonly #now: number;
  readonly #subject: Subject;
  readonly #step: PeriodName;
  readonly #withValues: boolean;
  readonly #seam: Seam;

  constructor(
    { redis, history, now }: { readonly redis: Redis; readonly history: History; readonly now: number },
    subject: Subject,
    step: PeriodName,
    withValues: boolean,
  ) {
    this.#redis = redis;
    this.#history = history;
    this.#now = now;
    this.#subject = subject;
    this.#step = step;
    this.#withValues = withValues;
    this.#seam = seamOf(step, now);
  }

  async answer(first: number, end: number): Promise<Answer> {
    const { cacheFrom, historyTo, keptFrom } = this.#seam;
    // Whole longer periods, so that their counters can be compared.
    const coarser = COARSER[this.#step];
    const from = Math.max(keptFrom, coarser === undefined ? first : startOf(coarser, first));
    const to = coarser === undefined ? end : startOf(coarser, end - 1) + PERIODS[coarser].lengthMs;
    const [cached, late, rows] = await Promise.all([
      settled(this.#cached(Math.max(from, cacheFrom), to)),
      settled(cachedLateParts(this.#redis, this.#subject, this.#step, { from, to }, this.#withValues)),
      settled(this.#rows(from, Math.min(to, historyTo))),
    ]);
    const gaps: Gap[] = [{ from: first, to: keptFrom, reason: 'deleted' }];
    if (rows === undefined) gaps.push({ from: keptFrom, to: cacheFrom, reason: 'history-unavailable' });
    if (cached === undefined || late === undefined) return await this.#withoutCache(from, to, gaps);
    const parts = [...(rows?.rows ?? []), ...late];
    const counted = combined(cached, parts);
    if (rows?.isMoving === true) gaps.push({ from: keptFrom, to: historyTo, reason: 'history-moving' });
    if (rows === undefined || coarser === undefined) return { counted, gaps };
    return await this.#checked(coarser, { from, to: Math.min(to, cacheFrom) }, { cached, parts }, gaps);
  }

  #cached(from: number, to: number): Promise<ReadonlyMap<number, Counted>> {
    const starts = startsIn(from, to, PERIODS[this.#step].lengthMs);
    return cachedPeriods(this.#redis, this.#subject, this.#step, starts, this.#withValues);
  }

  async #rows(from: number, to: number): Promise<{ rows: readonly HistoryRow[]; isMoving: boolean }> {
    if (from >= to) return { rows: [], isMoving: false };
    const span = { period: this.#step, from, to };
    const [rows, isMoving] = await Promise.all([this.#history.read(this.#subject, span), this.#history.isMoving()]);
    return { rows, isMoving };
  }

  /** History has newer periods too, though not all of what was counted in them. */
  async #withoutCache(from: number, to: number, gaps: readonly Gap[]): Promise<Answer> {
    const { cacheFrom } = this.#seam;
    const rows = await settled(this.#rows(from, to));
    const gap: Gap = { from: cacheFrom, to, reason: 'cache-unavailable' };
    return { counted: combined(new Map(), rows?.rows ?? []), gaps: [...gaps, gap] };
  }

  /**
   * Compares what history has of each longer period with the counters of that, which live longer. Where it has less, its rows
   * are late: counters that wait for being saved are asked for, and what is missing even then is said.
   */
  async #checked(
    coarser: 'hour' | 'day',
    { from, to }: { readonly from: number; readonly to: number },
    known: { readonly cached: ReadonlyMap<number, Counted>; readonly parts: readonly CountedPart[] },
    gaps: readonly Gap[],
  ): Promise<Answer> {
    const { lengthMs } = PERIODS[coarser];
    const counted = combined(known.cached, known.parts);
    // What is cut off by age cannot be compared, nor what the longer counters do not know any more.
    const oldest = Math.max(from, this.#now - WINDOWS[coarser].keptMs);
    const starts = startsIn(startOf(coarser, oldest + lengthMs - 1), to, lengthMs);
    const [own, parts] = await Promise.all([
      settled(cachedPeriods(this.#redis, this.#subject, coarser, starts, false)),
      settled(cachedLateParts(this.#redis, this.#subject, coarser, { from, to }, false)),
    ]);
    const longer = combined(own ?? new Map(), parts ?? []);
    const isBehind = (sums: ReadonlyMap<number, Counted>, start: number): boolean =>
      this.#sumIn(sums, start, lengthMs) < (longer.get(start)?.revision ?? 0);
    // A minute may be on time that is late in its hour: its counters are asked for wherever the hour has a part that came late.
    const withLate = (parts ?? []).filter(({ revision }) => revision > 0).map(({ start }) => start);
    const late = [...new Set([...starts.filter((start) => isBehind(counted, start)), ...withLate])];
    if (late.length === 0) return { counted, gaps };
    const unsaved = await Promise.all(late.map((start) => settled(this.#cached(start, start + lengthMs))));
    const all = combined(new Map([...known.cached, ...unsaved.flatMap((some) => [...(some ?? [])])]), known.parts);
    const behind = late
      .filter((start) => isBehind(all, start))
      .map((start): Gap => ({ from: start, to: Math.min(start + lengthMs, to), reason: 'history-behind' }));
    return { counted: all, gaps: [...gaps, ...behind] };
  }

  #sumIn(counted: ReadonlyMap<number, Counted>, start: number, lengthMs: number): number {
    return startsIn(start, start + lengthMs, PERIODS[this.#step].lengthMs).reduce(
      (sum, each) => sum + (counted.get(each)?.revision ?? 0),
      0,
    );
  }
}

/** What something comes to; undefined when it fails. */
const settled = <Value>(work: Promise<Value>): Promise<Value | undefined> => work.catch(() => undefined);
