import type { Redis } from '../../lib/stores/redis.ts';
import { lateKeyIn, periodKeyIn, prefixOf, type Subject, visitorsKey } from './keys.ts';
import { type PeriodName, startIn } from './periods.ts';
import { valuesOf } from './rollup-rows.ts';
import { DIMENSION_NAMES } from './scan.ts';
import type { Counted, CountedPart } from './seam.ts';

/** Periods that are asked for at the same time: what Redis answers waits in memory. */
const AT_ONCE = 2_000;

/**
 * What the cache has counted of periods, by their starts; those without a scan are left out.
 *
 * @param withValues whether to tell the dimensions' values as well
 */
export const cachedPeriods = async (
  redis: Redis,
  subject: Subject,
  step: PeriodName,
  starts: readonly number[],
  withValues: boolean,
): Promise<ReadonlyMap<number, Counted>> => {
  const prefix = prefixOf(subject);
  const found = new Map<number, Counted>();
  for (let from = 0; from < starts.length; from += AT_ONCE) {
    const some = starts.slice(from, from + AT_ONCE);
    await Promise.all(
      some.map(async (start) => {
        const counted = await periodIn(redis, periodKeyIn(prefix, step, start), withValues);
        if (counted.revision > 0) found.set(start, counted);
      }),
    );
  }
  return found;
};

const LATE = /:(minute|hour|day):([\dT:-]+)\+(\d+)$/;

/** What the cache has counted of parts that came late, until their rows are in history, of periods that begin in a time. */
export const cachedLateParts = async (
  redis: Redis,
  subject: Subject,
  step: PeriodName,
  { from, to }: { readonly from: number; readonly to: number },
  withValues: boolean,
): Promise<readonly CountedPart[]> => {
  const keys = await redis.smembers(lateKeyIn(prefixOf(subject)));
  const parts = await Promise.all(
    keys.map(async (key) => {
      const [, period, label = '', part] = LATE.exec(key) ?? [];
      const start = period === step ? startIn(step, label) : Number.NaN;
      if (!(start >= from && start < to)) return undefined;
      return { ...(await periodIn(redis, key, withValues)), start, part: Number(part) };
    }),
  );
  return parts.filter((part) => part !== undefined);
};

const periodIn = async (redis: Redis, key: string, withValues: boolean): Promise<Counted> => {
  const [fields, visitors] = await Promise.all([
    withValues ? redis.hgetall(key) : sumsIn(redis, key),
    redis.pfcount(visitorsKey(key)),
  ]);
  const [scans, bots] = [Number(fields.scans ?? 0), Number(fields.bots ?? 0)];
  const by = withValues ? Object.fromEntries(DIMENSION_NAMES.map((name) => [name, valuesOf(fields, name)])) : {};
  return { revision: scans + bots, scans, bots, visitors, by };
};

const sumsIn = async (redis: Redis, key: string): Promise<Readonly<Record<string, string>>> => {
  const [scans, bots] = await redis.hmget(key, 'scans', 'bots');
  return { scans: scans ?? '0', bots: bots ?? '0' };
};
