import type { FollowUp } from '../../lib/consumer/index.ts';
import { derivedEventId } from '../../lib/events/index.ts';
import type { HistoryRow } from '../../lib/stores/history/index.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { partKeyIn, prefixOf, totalKey, visitorsKey } from './keys.ts';
import { ON_TIME } from './parts.ts';
import { DIMENSION_NAMES, type Dimension } from './scan.ts';
import type { Touched } from './touched.ts';

/** What is known of a code beside its minutes. */
export interface Code {
  readonly qrId: string;
  /** Undefined once the owner's data were erased. */
  readonly owner: string | undefined;
  readonly scans: number;
  /** The last milestone its owner was told of. */
  readonly milestone: number;
}

export const readCode = async (redis: Redis, qrId: string): Promise<Code> => {
  const key = totalKey({ kind: 'code', id: qrId });
  const [owner, scans, milestone] = await redis.hmget(key, 'owner', 'scans', 'milestone');
  return { qrId, owner: owner ?? undefined, scans: Number(scans ?? 0), milestone: Number(milestone ?? 0) };
};

/** Key of the counters that were touched. */
export const countersKey = ({ subject, period, start, part }: Touched): string =>
  partKeyIn(prefixOf(subject), period, start, part);

/**
 * Everything that was counted, bots included: it grows with each change, so that it serves as the revision of the row. 0 when
 * nothing was.
 */
export const revisionOf = async (redis: Redis, touched: Touched): Promise<number> => {
  const [scans, bots] = await redis.hmget(countersKey(touched), 'scans', 'bots');
  return Number(scans ?? 0) + Number(bots ?? 0);
};

/** The row of counters as they are now; undefined when nothing was counted. @param userId the code's owner, or the user */
export const rowOf = async (redis: Redis, touched: Touched, userId: string): Promise<HistoryRow | undefined> => {
  const { subject, period, start, part } = touched;
  const key = countersKey(touched);
  const [counters, visitors] = await Promise.all([redis.hgetall(key), redis.pfcount(visitorsKey(key))]);
  const [scans, bots] = [Number(counters.scans ?? 0), Number(counters.bots ?? 0)];
  if (scans + bots === 0) return undefined;
  const by = Object.fromEntries(DIMENSION_NAMES.map((dimension) => [dimension, valuesOf(counters, dimension)]));
  return { ...subject, userId, period, start, part, revision: scans + bots, scans, bots, visitors, by };
};

/**
 * Fixed by what the row counts and its revision, and in order of the periods: an id's first 48 bits are its time. That of a
 * code's minute is what it was before there were other rows.
 */
const rowId = ({ kind, id, period, start, part, revision }: HistoryRow): string => {
  const minute = start.toString(16).padStart(12, '0');
  const isUsual = kind === 'code' && period === 'minute' && part === ON_TIME;
  return derivedEventId(`${minute}/${id}`, `${isUsual ? '' : `${kind}/${period}/${part}/`}revision/${revision}`);
};

/** The event that carries a row to the database. */
export const rowEvent = (row: HistoryRow): FollowUp & { readonly id: string } => {
  const { kind, id, userId, period, start, part, revision, scans, bots, visitors, by } = row;
  return {
    type: 'analytics.rollup.updated',
    name: rowId(row),
    id: rowId(row),
    payload: {
      qrId: kind === 'code' ? id : '',
      userId,
      minute: new Date(start).toISOString(),
      revision,
      scans,
      bots,
      visitors,
      countries: by.country ?? {},
      devices: by.device ?? {},
      referrers: by.referrer ?? {},
      period,
      part,
      allCodesOf: kind === 'code' ? '' : id,
      systems: by.os ?? {},
      browsers: by.browser ?? {},
      actions: by.action ?? {},
    },
  };
};

/** What was counted of each value of a dimension. */
export const valuesOf = (counters: Readonly<Record<string, string>>, dimension: Dimension): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counters).flatMap(([field, amount]) =>
      field.startsWith(`${dimension}:`) ? [[field.slice(dimension.length + 1), Number(amount)]] : [],
    ),
  );
