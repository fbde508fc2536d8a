import { type AbortedTransaction, type Allowance, committedIn } from './committed.ts';
import type { KafkaRecord } from './record.ts';
import { type Reader, readerOf } from './wire.ts';

/** What an answer to a fetch says of one partition; numbers of 64 bits are texts, as kafkajs reckons with them. */
export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  /** The offset behind the last record that all in-sync replicas have. */
  readonly highWatermark: string;
  /** The offset of the first record whose transaction is open; the high watermark where none is. */
  readonly lastStableOffset: string;
  readonly lastStartOffset: string;
  /** Left out already. */
  readonly abortedTransactions: readonly never[];
  readonly preferredReadReplica: number;
  readonly messages: readonly KafkaRecord[];
}

/** An answer to a fetch, version 11, in the shape in which kafkajs hands it on. */
export interface FetchResponse {
  readonly throttleTime: 0;
  /** How long the broker asks us to be quiet, ms. */
  readonly clientSideThrottleTime: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
}

const lastOffsets = new WeakMap<readonly object[], number>();

/**
 * The last offset that the batches behind these messages cover. Markers of transactions, aborted records and those that
 * compaction has taken are no messages, but lie before it.
 *
 * @returns undefined when there was no batch
 */
export const lastOffsetBehind = (messages: readonly object[]): number | undefined => lastOffsets.get(messages);

/**
 * Records of one answer take no more memory than this, and one batch more. Brokers count compressed bytes, ten megabytes an
 * answer: those can open to a gigabyte. What is left out comes with the next answer.
 */
const ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Decodes an answer to a fetch, version 11, which brokers know since Kafka 2.3.
 *
 * @throws RangeError when the answer is cut off
 */
export const decodeFetchResponse = async (answer: Buffer): Promise<FetchResponse> => {
  const reader = readerOf(answer);
  const [clientSideThrottleTime, errorCode, sessionId] = [reader.int32(), reader.int16(), reader.int32()];
  const topics = reader.array(() => ({ topicName: text(reader), partitions: reader.array(() => partitionIn(reader)) }));
  const responses: FetchResponse['responses'][number][] = [];
  const allowance: Allowance = { left: ANSWER_BYTES };
  for (const { topicName, partitions } of topics) {
    const decoded: FetchedPartition[] = [];
    // Beginning with another one each time: those at the end of a large answer get nothing.
    partitions.push(...partitions.splice(0, Math.floor(Math.random() * partitions.length)));
    for (const { aborted, batches, ...partition } of partitions) {
      const { records, lastOffset } = await committedIn(
        { batches, aborted, end: Number(partition.highWatermark) },
        allowance,
      );
      if (lastOffset !== undefined) lastOffsets.set(records, lastOffset);
      decoded.push({ ...partition, abortedTransactions: [], messages: records });
    }
    responses.push({ topicName, partitions: decoded });
  }
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
};

const text = (reader: Reader): string => reader.string() ?? '';

const partitionIn = (reader: Reader) => ({
  partition: reader.int32(),
  errorCode: reader.int16(),
  highWatermark: String(reader.int64()),
  lastStableOffset: String(reader.int64()),
  lastStartOffset: String(reader.int64()),
  aborted: reader.array(() => abortedIn(reader)),
  preferredReadReplica: reader.int32(),
  batches: reader.nullableBytes() ?? Buffer.alloc(0),
});

const abortedIn = (reader: Reader): AbortedTransaction => ({
  producerId: BigInt(reader.int64()),
  firstOffset: reader.int64(),
});
