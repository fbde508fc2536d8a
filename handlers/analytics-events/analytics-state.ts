import type { Redis } from '../../lib/stores/redis.ts';
import { codesKey, latestKey, periodKey, type Subject, totalKey, visitorsKey } from './keys.ts';
import { type LatestScan, latestFrom } from './latest.ts';
import { PERIODS, type PeriodName, startOf } from './periods.ts';
import { valuesOf } from './rollup-rows.ts';
import type { Dimension } from './scan.ts';

export { LATEST } from './counters.ts';
export type { Subject } from './keys.ts';
export type { LatestScan } from './latest.ts';
export { KEPT_SECONDS, PERIODS, type PeriodName } from './periods.ts';

/** Scans of a code or a user, bots apart. */
export interface Counts {
  readonly scans: number;
  readonly bots: number;
  /** Unique visitors, about (HyperLogLog, standard error 0.81 %); who comes on two days is two. */
  readonly visitors: number;
}

/** All that was counted, with the scans by each dimension's values. */
export interface Totals extends Counts {
  readonly by: Readonly<Record<Dimension, Readonly<Record<string, number>>>>;
}

/** The counts of one period. */
export interface Point extends Counts {
  /** When it began, ISO 8601, UTC. */
  readonly at: string;
}

/** Points of one series: a day of minutes, two months of hours. */
const MOST_POINTS = 1_500;

const readKey = async (redis: Redis, key: string): Promise<Totals> => {
  const [fields, visitors] = await Promise.all([redis.hgetall(key), redis.pfcount(visitorsKey(key))]);
  const by = (dimension: Dimension) => valuesOf(fields, dimension);
  return {
    scans: Number(fields.scans ?? 0),
    bots: Number(fields.bots ?? 0),
    visitors,
    by: {
      country: by('country'),
      device: by('device'),
      referrer: by('referrer'),
      os: by('os'),
      browser: by('browser'),
      action: by('action'),
    },
  };
};

/** Everything that was ever counted of a code or a user, as long as it is kept. */
export const readTotals = (redis: Redis, subject: Subject): Promise<Totals> => readKey(redis, totalKey(subject));

/**
 * What was counted in the period that holds a time. Days show everything, hours and the minutes of a code countries, devices
 * and referrers, minutes of a user scans and bots.
 *
 * @param time milliseconds since 1970
 */
export const readPeriod = (redis: Redis, subject: Subject, period: PeriodName, time: number): Promise<Totals> =>
  readKey(redis, periodKey(subject, period, time));

/**
 * The counts of each period from one time to another, both in milliseconds since 1970 and in the series; periods without a
 * scan are zero. Of a long span the last {@link MOST_POINTS} come.
 */
export const readSeries = async (
  redis: Redis,
  subject: Subject,
  period: PeriodName,
  span: { readonly from: number; readonly to: number },
): Promise<readonly Point[]> => {
  const { lengthMs } = PERIODS[period];
  const last = startOf(period, span.to);
  const first = Math.max(startOf(period, span.from), last - (MOST_POINTS - 1) * lengthMs);
  const starts = Array.from({ length: Math.max(0, (last - first) / lengthMs + 1) }, (_, i) => first + i * lengthMs);
  return Promise.all(
    starts.map(async (start) => {
      const key = periodKey(subject, period, start);
      const [[scans, bots], visitors] = await Promise.all([
        redis.hmget(key, 'scans', 'bots'),
        redis.pfcount(visitorsKey(key)),
      ]);
      return { at: new Date(start).toISOString(), scans: Number(scans ?? 0), bots: Number(bots ?? 0), visitors };
    }),
  );
};

/** The newest scans, newest first; bots are not among them. */
export const readLatest = async (redis: Redis, subject: Subject, limit: number): Promise<readonly LatestScan[]> => {
  const flat = await redis.zrevrange(latestKey(subject), 0, limit - 1, 'WITHSCORES');
  return pairsOf(flat).map(([member, at]) => latestFrom(member, at));
};

/** Members of a sorted set with their scores. */
const pairsOf = (flat: readonly string[]): readonly (readonly [string, number])[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? '', Number(flat[2 * i + 1] ?? 0)] as const);

/** A user's codes with the most scans, most first. */
export const readTopCodes = async (
  redis: Redis,
  userId: string,
  limit: number,
): Promise<readonly { readonly qrId: string; readonly scans: number }[]> => {
  const flat = await redis.zrevrange(codesKey(userId), 0, limit - 1, 'WITHSCORES');
  return pairsOf(flat).map(([qrId, scans]) => ({ qrId, scans }));
};

/** A dimension's values with the most scans, most first. */
export const topOf = (totals: Totals, dimension: Dimension, limit: number): readonly (readonly [string, number])[] =>
  Object.entries(totals.by[dimension])
    .sort(([, a], [, b]) => b - a)
    .slice(0, limit);
