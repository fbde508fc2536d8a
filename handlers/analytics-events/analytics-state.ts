import type { Redis } from '../../lib/stores/redis.ts';
import { codesKey, latestKey, type Subject, totalKey, visitorsKey } from './keys.ts';
import { type LatestScan, latestFrom } from './latest.ts';
import { valuesOf } from './rollup-rows.ts';
import type { Dimension } from './scan.ts';

export { LATEST } from './counters.ts';
export type { Subject } from './keys.ts';
export type { LatestScan } from './latest.ts';
export { KEPT_SECONDS, type PeriodName } from './periods.ts';
export {
  type MissingReason,
  type MissingSpan,
  readScans,
  type ScanPoint,
  type ScanPorts,
  type Scans,
  type ScansRange,
} from './read-scans.ts';

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
