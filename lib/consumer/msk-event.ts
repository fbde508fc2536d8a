import { PermanentError } from '../errors.ts';
import type { Headers, InboundRecord } from '../events/index.ts';

/** A record as Lambda hands it over (Lambda Developer Guide, page with-msk). */
export interface MskRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly timestampType?: string;
  /** Base64; absent or null when the record has no key. */
  readonly key?: string | null;
  /** Base64; null for a tombstone. */
  readonly value?: string | null;
  /** One object a header, bytes as numbers, which the JVM may have written as -128 to 127; null of a header without a value. */
  readonly headers?: readonly MskHeader[] | null;
}

type MskHeader = Readonly<Record<string, readonly number[] | null>>;

/** The event of an event source mapping on Amazon MSK or a self-managed cluster. */
export interface MskEvent {
  readonly eventSource?: string;
  readonly eventSourceArn?: string;
  readonly bootstrapServers?: string;
  /** By `TOPIC-PARTITION`, in order of offset. */
  readonly records: Readonly<Record<string, readonly MskRecord[]>>;
}

/** The records of one partition, as they came. */
export interface PartitionRecords {
  /** `TOPIC-PARTITION`, as the answer must name it. */
  readonly id: string;
  readonly records: readonly InboundRecord[];
}

/**
 * The event's records by partition.
 *
 * @throws PermanentError UNDECODABLE when it is no event of Kafka
 */
export const partitionsOf = (event: MskEvent): readonly PartitionRecords[] => {
  // Whoever invokes the function by hand may send anything.
  if (typeof event?.records !== 'object' || event.records === null) {
    throw new PermanentError('UNDECODABLE', 'The function was invoked with something that is no Kafka event.', {
      next: 'It expects what an event source mapping sends: {"eventSource":"aws:kafka","records":{…}}',
    });
  }
  return Object.entries(event.records).map(([id, records]) => ({ id, records: records.map(inbound) }));
};

const bytes = (base64: string | null | undefined): Buffer | null =>
  base64 === null || base64 === undefined ? null : Buffer.from(base64, 'base64');

const inbound = ({ topic, partition, offset, timestamp, key, value, headers }: MskRecord): InboundRecord => ({
  topic,
  partition,
  offset,
  timestamp,
  key: bytes(key),
  value: bytes(value),
  headers: headersOf(headers ?? []),
});

const headersOf = (headers: readonly MskHeader[]): Headers =>
  headers.flatMap((header) =>
    Object.entries(header).map(([name, content]) => [name, Buffer.from(content ?? [])] as const),
  );
