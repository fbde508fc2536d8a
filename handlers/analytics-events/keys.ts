import { hashTag } from '../../lib/stores/hash-tag.ts';
import { labelOf, type PeriodName } from './periods.ts';

/** What has counters: a code, or a user for all of their codes together. */
export interface Subject {
  readonly kind: 'code' | 'user';
  readonly id: string;
}

/** Start of all keys of a subject; its hash tag is that of the subject's id. */
export const prefixOf = ({ kind, id }: Subject): string => `analytics:${kind}:${hashTag(id)}`;

/**
 * Hash of all scans: `scans`, `bots`, and `<dimension>:<value>` for each of {@link DIMENSIONS}; of a code also its `owner`
 * and the last `milestone` that was told; and `closed`, the newest minute whose counters were let go.
 */
export const totalKey = (subject: Subject): string => totalKeyIn(prefixOf(subject));

/** The same, for who has the prefix already. */
export const totalKeyIn = (prefix: string): string => `${prefix}:total`;

/** The same of the period that holds a time. */
export const periodKey = (subject: Subject, period: PeriodName, time: number): string =>
  periodKeyIn(prefixOf(subject), period, time);

/** The same, for who has the prefix already. */
export const periodKeyIn = (prefix: string, period: PeriodName, time: number): string =>
  `${prefix}:${period}:${labelOf(period, time)}`;

/** The same of a part that came late. */
export const partKeyIn = (prefix: string, period: PeriodName, time: number, part: number): string =>
  part === 0 ? periodKeyIn(prefix, period, time) : `${periodKeyIn(prefix, period, time)}+${part}`;

/** Set of the counters of late parts that a subject may have. */
export const lateKeyIn = (prefix: string): string => `${prefix}:late`;

/** HyperLogLog of the visitors beside the counters of a key. */
export const visitorsKey = (counters: string): string => `${counters}:visitors`;

/** Sorted set of the newest scans, by time. */
export const latestKey = (subject: Subject): string => `${prefixOf(subject)}:latest`;

/** Sorted set of a user's codes, by scans: their top codes, and the index of what is theirs. */
export const codesKey = (userId: string): string => `${prefixOf({ kind: 'user', id: userId })}:codes`;

/** Random salt of a day. */
export const saltKey = (day: string): string => `analytics:salt:${day}`;
