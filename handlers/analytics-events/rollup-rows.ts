import type { FollowUp } from '../../lib/consumer/index.ts';
import { derivedEventId } from '../../lib/events/index.ts';
import type { HistoryRow } from '../../lib/stores/history/index.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { partKeyIn, prefixOf, totalKey, visitorsKey } from './keys.ts';
import { ON_TIME } from './parts.ts';
import { type Damage, readable } from './readable.ts';
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

/** A number of a counter; 0 for what is none. */
const amountIn = (text: string | null | undefined): number => {
  const amount = Number(text ?? 0);
  return Number.isSafeInteger(amount) && amount > 0 ? amount : 0;
};

export const readCode = async (redis: Redis, qrId: string, damage?: Damage): Promise<Code> => {
  const key = totalKey({ kind: 'code', id: qrId });
  const read = redis.hmget(key, 'owner', 'scans', 'milestone');
  const [owner, scans, milestone] = await readable(key, read, [], damage);
  return { qrId, owner: owner ?? undefined, scans: amountIn(scans), milestone: amountIn(milestone) };
};

/** Key of the counters that were touched. */
export const countersKey = ({ subject, period, start, part }: Touched): string =>
  partKeyIn(prefixOf(subject), period, start, part);

/**
 * Everything that was counted, bots included: it grows with each change, so that it serves as the revision of the row. 0 when
 * nothing was.
 */
export const revisionOf = async (redis: Redis, touched: Touched, damage?: Damage): Promise<number> => {
  const key = countersKey(touched);
  const [scans, bots] = await readable(key, redis.hmget(key, 'scans', 'bots'), [], damage);
  return amountIn(scans) + amountIn(bots);
};

/** The row of counters as they are now; undefined when nothing was counted. @param userId the code's owner, or the user */
export const rowOf = async (
  redis: Redis,
  touched: Touched,
  userId: string,
  damage?: Damage,
): Promise<HistoryRow | undefined> => {
  const { subject, period, start, part } = touched;
  const [key, log] = [countersKey(touched), visitorsKey(countersKey(touched))];
  const [counters, visitors] = await Promise.all([
    readable<Readonly<Record<string, string>>>(key, redis.hgetall(key), {}, damage),
    readable(log, redis.pfcount(log), 0, damage),
  ]);
  const [scans, bots] = [amountIn(counters.scans), amountIn(counters.bots)];
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
      field.startsWith(`${dimension}:`) ? [[field.slice(dimension.length + 1), amountIn(amount)]] : [],
    ),
  );
