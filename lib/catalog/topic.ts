import type { TopicName } from './names.ts';

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;

/** Milliseconds in `count` days: the unit of Kafka's `retention.ms`. */
export const days = (count: number): number => count * DAY;

/**
 * What Lambda does with the records of a topic, as an event source mapping (ESM) is configured.
 * Limits are those of the Lambda Developer Guide, pages msk-esm-parameters and kafka-retry-configurations.
 */
export interface MappingSettings {
  /** Records of one invocation at most, 1-10,000. */
  readonly batchSize: number;
  /** Whole seconds to wait for a fuller batch, 0-300; 0 with provisioned pollers is the low-latency mode. */
  readonly batchingWindowSeconds: number;
  /** Retries after the first call, 0-10,000. */
  readonly maximumRetryAttempts: number;
  /** Seconds after which a record is no longer tried, 60-604,800. */
  readonly maximumRecordAgeSeconds: number;
  /** Split a batch in two when the function fails as a whole. */
  readonly bisectBatchOnFunctionError: boolean;
  /**
   * Read the answer for the records that failed (`ReportBatchItemFailures`). Without it any normal return is a success,
   * whatever it holds.
   */
  readonly reportBatchItemFailures: boolean;
  /** Event pollers kept ready. */
  readonly minimumPollers: number;
  /** Event pollers at most; the partition count is the useful ceiling. */
  readonly maximumPollers: number;
}

/** The Lambda function that consumes a topic. */
export interface FunctionSettings {
  /** MiB, 128-10,240. */
  readonly memoryMb: number;
  /** Seconds for one invocation; an event source mapping allows at most 840 (14 minutes). */
  readonly timeoutSeconds: number;
  /** Execution environments at the same time, at most. */
  readonly reservedConcurrency: number;
  /**
   * Execution environments that are initialised ahead of the first call (Lambda Developer Guide, provisioned-concurrency),
   * where somebody waits for the result; none unless given.
   */
  readonly provisionedConcurrency?: number;
}

/**
 * Order the handler needs among the records of one partition.
 * - `partition`: one after the other.
 * - `key`: records with the same key one after the other, different keys side by side.
 * - `none`: all side by side; for effects whose order does not matter, such as counting.
 */
export type Ordering = 'partition' | 'key' | 'none';

/**
 * How a record's key is made from the payload: alternatives in order of preference, each a list of payload fields whose
 * values are joined with `:`. The first alternative whose fields all have a value is taken.
 */
export type KeyRule = readonly (readonly string[])[];

/** One topic of the product, with everything that is derived from it. */
export interface Topic<Event extends string = string> {
  readonly name: TopicName;
  /** What the topic is for, one sentence, for the docs table and the console. */
  readonly purpose: string;
  readonly partitions: number;
  /** Kafka's `retention.ms`. */
  readonly retentionMs: number;
  /** Kafka's `max.message.bytes` where the broker's own limit (1 MiB) will not do. */
  readonly maxMessageBytes?: number;
  /** What a record's key is, in words, for readers of the docs table. */
  readonly key: string;
  /**
   * The key rule of each event type on this topic. Every type has a schema file `schemas/<event type>.avsc`; the first
   * is what a bare JSON payload is taken for.
   */
  readonly events: Readonly<Partial<Record<Event, KeyRule>>>;
  readonly consumerGroup: string;
  /** Folder under `handlers/` whose `index.ts` is the Lambda entry. */
  readonly handler: string;
  readonly ordering: Ordering;
  /**
   * Whether handlers write what follows from what they have read of an owner, so that a record is handled again when another
   * invocation has written meanwhile. Not without an order, where records of one owner are handled side by side, nor where
   * handling again would send something again.
   */
  readonly isSerial: boolean;
  readonly mapping: MappingSettings;
  readonly function: FunctionSettings;
  /** From publish to effect, 95th percentile, milliseconds: what the alarms watch. */
  readonly latencyObjectiveMs: number;
}

/** What a topic is set to in Kafka, beside its partitions; all else is as the broker has it by default. */
export const topicSettings = ({
  retentionMs,
  maxMessageBytes,
}: Pick<Topic, 'retentionMs' | 'maxMessageBytes'>): Readonly<Record<string, string>> => ({
  'retention.ms': String(retentionMs),
  ...(maxMessageBytes === undefined ? {} : { 'max.message.bytes': String(maxMessageBytes) }),
});
