import type { FollowUp } from '../../lib/consumer/index.ts';
import { derivedEventId } from '../../lib/events/index.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { periodKey, totalKey, visitorsKey } from './keys.ts';
import { minuteOf } from './periods.ts';
import type { Dimension } from './scan.ts';
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

const countersKey = ({ qrId, minute }: Touched): string =>
  periodKey({ kind: 'code', id: qrId }, 'minute', minuteOf(minute));

/**
 * Everything that was counted of a code in a minute, bots included: it grows with each change, so that it serves as the
 * revision of the row. 0 when nothing was.
 */
export const revisionOf = async (redis: Redis, touched: Touched): Promise<number> => {
  const [scans, bots] = await redis.hmget(countersKey(touched), 'scans', 'bots');
  return Number(scans ?? 0) + Number(bots ?? 0);
};

/** Fixed by code, minute and revision, and in order of the minutes: an id's first 48 bits are its time. */
const rowId = ({ qrId, minute }: Touched, revision: number): string =>
  derivedEventId(`${minuteOf(minute).toString(16).padStart(12, '0')}/${qrId}`, `revision/${revision}`);

/** The event that carries the row of a code and a minute, with the counters of now. */
export const rowOf = async (redis: Redis, touched: Touched, userId: string): Promise<FollowUp> => {
  const { qrId, minute } = touched;
  const key = countersKey(touched);
  const [counters, visitors] = await Promise.all([redis.hgetall(key), redis.pfcount(visitorsKey(key))]);
  const [scans, bots] = [Number(counters.scans ?? 0), Number(counters.bots ?? 0)];
  const revision = scans + bots;
  return {
    type: 'analytics.rollup.updated',
    name: `${qrId}/${minute}/${revision}`,
    id: rowId(touched, revision),
    payload: {
      qrId,
      userId,
      minute: new Date(minuteOf(minute)).toISOString(),
      revision,
      scans,
      bots,
      visitors,
      countries: valuesOf(counters, 'country'),
      devices: valuesOf(counters, 'device'),
      referrers: valuesOf(counters, 'referrer'),
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
