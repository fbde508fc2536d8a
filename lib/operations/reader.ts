import { StreamError } from '../errors.ts';
import type { Headers } from '../events/index.ts';
import {
  type Admin,
  type KafkaRecord,
  type RecordHeaders,
  readStretches,
  type Stretch,
  type Undecodable,
} from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { kafkaFailure, withAdmin } from './cluster.ts';
import { requireTopic } from './topic-name.ts';
import { boundsOf } from './topics.ts';

/** A record as it lies in the log. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970; what a producer wrote beyond 2^53 is rounded, and exact in `exactTimestamp`. */
  readonly timestamp: number;
  readonly exactTimestamp?: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Those with a value, in order; a name may repeat. */
  readonly headers: Headers;
  /** All of them: a header may have no value. */
  readonly allHeaders: RecordHeaders;
  /** Set where it stands for a batch that cannot be decoded; its value is the bytes of the batch. */
  readonly undecodable?: Undecodable;
}

export interface ReadOptions {
  /** Where reading begins; `time`: with the first record of that time or later, milliseconds since 1970. */
  readonly from: 'beginning' | 'end' | { readonly time: number };
  /** Only this partition; all of them when absent. */
  readonly partition?: number;
  /** Ends after so many records that `onRecord` took; goes on when absent. */
  readonly max?: number;
  /** Ends at what was the end of the topic when reading began. */
  readonly untilEnd?: boolean;
  /** Ends reading from outside. */
  readonly signal?: AbortSignal;
  /** Called once the places to read from are fixed: what is published from now on will be read. */
  readonly onReady?: () => void;
}

/** Name of the groups that earlier versions made for reading; one that was cut off may have left its group behind. */
export const READER_GROUP_PREFIX = 'stream-manager-consume-';

/** A record of a partition, with its place. */
export const logRecord = (
  { topic, partition }: Pick<Stretch, 'topic' | 'partition'>,
  record: KafkaRecord,
): LogRecord => {
  const { offset, timestamp, key, value, headers, undecodable } = record;
  const ms = Number(timestamp);
  return {
    ...{ topic, partition, offset, timestamp: ms, key, value, headers: withValues(headers), allHeaders: headers },
    ...(Number.isSafeInteger(ms) ? {} : { exactTimestamp: timestamp }),
    ...(undecodable === undefined ? {} : { undecodable }),
  };
};

/** Headers for code that knows none without a value: those are left out. */
export const withValues = (headers: RecordHeaders): Headers =>
  headers.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));

/**
 * Reads a topic for somebody to look at, without a consumer group. With `untilEnd` all of it is read, or it fails.
 *
 * @param onRecord called for one record after the other; one of which it says `false`, or a promise of it, does not count
 * @returns how many records were read and counted
 * @throws StreamError NOT_FOUND, BROKER_UNAVAILABLE
 */
export const readTopic = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  topic: string,
  options: ReadOptions,
  onRecord: (record: LogRecord) => unknown,
): Promise<number> => {
  const stretches = await withAdmin(settings, async (admin) => {
    await requireTopic(admin, topic);
    return stretchesOf(admin, topic, options);
  });
  if (options.max === 0) return 0;
  const enough = new AbortController();
  const signal = options.signal === undefined ? enough.signal : AbortSignal.any([options.signal, enough.signal]);
  options.onReady?.();
  let count = 0;
  const onRecords = async (stretch: Stretch, records: readonly KafkaRecord[]): Promise<'enough' | undefined> => {
    for (const record of records) {
      if (signal.aborted) return 'enough';
      if ((await onRecord(logRecord(stretch, record))) === false) continue;
      count += 1;
      if (count === options.max) enough.abort();
    }
    return undefined;
  };
  try {
    await readStretches(settings, stretches, onRecords, {
      clientId: 'stream-manager',
      signal,
      openTransaction: 'end',
    });
  } catch (error) {
    throw kafkaFailure(error, settings);
  }
  return count;
};

/** @throws StreamError NOT_FOUND when there is no such partition */
const stretchesOf = async (
  admin: Admin,
  topic: string,
  { from, partition, untilEnd }: ReadOptions,
): Promise<readonly Stretch[]> => {
  const bounds = await boundsOf(admin, topic);
  const wanted = bounds.filter((each) => partition === undefined || each.partition === partition);
  if (wanted.length === 0 && partition !== undefined) {
    throw new StreamError('NOT_FOUND', `${topic} has no partition ${partition}.`, {
      next: `There are ${bounds.length}, from 0 to ${bounds.length - 1}`,
    });
  }
  const atTime = typeof from === 'object' ? await offsetsFrom(admin, topic, from.time) : undefined;
  return wanted.map(({ partition: number, begin, end }) => ({
    topic,
    partition: number,
    from: atTime === undefined ? (from === 'beginning' ? begin : end) : (atTime.get(number) ?? end),
    end: untilEnd === true ? end : Number.POSITIVE_INFINITY,
  }));
};

/** Of partitions without a record of that time or later Kafka answers -1, and kafkajs the end. */
const offsetsFrom = async (admin: Admin, topic: string, time: number): Promise<ReadonlyMap<number, number>> =>
  new Map(
    (await admin.fetchTopicOffsetsByTimestamp(topic, time)).flatMap(({ partition, offset }) =>
      Number(offset) < 0 ? [] : [[partition, Number(offset)] as const],
    ),
  );
