import { createHash } from 'node:crypto';
import { PERIOD_NAMES, type PeriodName } from '../../catalog/index.ts';
import type { HistorySpan } from './history.ts';
import type { HistoryRow, RowSubject } from './row.ts';

/** Everything of history lies under it. */
export const HISTORY_PREFIX = 'analytics-history/';

/** Rows that are not sorted into the objects below yet: an object a rollup. */
export const INBOX_PREFIX = `${HISTORY_PREFIX}inbox/`;

/** Objects over which the subjects of one bucket spread: what a reader of one subject has to read is a 32nd of all. */
const SHARDS = 32;

/** How much of an ISO 8601 time names the bucket: minutes lie by day, hours by month, days by year. */
const BUCKET_DIGITS: Readonly<Record<PeriodName, number>> = { minute: 10, hour: 7, day: 4 };

export const shardOf = (id: string): string =>
  String((createHash('sha1').update(id).digest()[0] ?? 0) % SHARDS).padStart(2, '0');

const bucketOf = (period: PeriodName, time: number): string =>
  new Date(time).toISOString().slice(0, BUCKET_DIGITS[period]);

export const periodPrefix = (period: PeriodName): string => `${HISTORY_PREFIX}${period}/`;

const keyOf = (period: PeriodName, bucket: string, shard: string): string =>
  `${periodPrefix(period)}${bucket}/${shard}.ndjson.gz`;

/** The object in which a row belongs. */
export const objectKeyOf = ({ id, period, start }: HistoryRow): string =>
  keyOf(period, bucketOf(period, start), shardOf(id));

/** The objects in which rows of a subject may lie, oldest first. */
export const objectKeysOf = ({ id }: RowSubject, { period, from, to }: HistorySpan): readonly string[] => {
  const shard = shardOf(id);
  const buckets: string[] = [];
  for (let time = from; time < to; ) {
    const bucket = bucketOf(period, time);
    buckets.push(bucket);
    time = endOf(bucket);
  }
  return buckets.map((bucket) => keyOf(period, bucket, shard));
};

/** When a bucket of this name has ended, milliseconds since 1970. */
const endOf = (bucket: string): number => {
  const [year = 0, month, day] = bucket.split('-').map(Number);
  if (month === undefined) return Date.UTC(year + 1, 0);
  return day === undefined ? Date.UTC(year, month) : Date.UTC(year, month - 1, day + 1);
};

/** Period, end and shard of an object; undefined for what is none of ours. */
export const objectAt = (
  key: string,
): { readonly period: PeriodName; readonly end: number; readonly shard: string } | undefined => {
  const [, name, bucket = '', shard = ''] = /^analytics-history\/(\w+)\/([\d-]+)\/(\d\d)\.ndjson\.gz$/.exec(key) ?? [];
  const period = PERIOD_NAMES.find((known) => known === name);
  return period === undefined ? undefined : { period, end: endOf(bucket), shard };
};
