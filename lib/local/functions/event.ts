import { LIMITS } from './limits.ts';
import type { SourceRecord } from './record.ts';

/** What is the same in every event of a mapping. */
export interface EventSource {
  readonly topic: string;
  readonly eventSourceArn: string;
  /** Comma separated `host:port`. */
  readonly bootstrapServers: string;
}

/**
 * The event a function receives: `{"eventSource":"aws:kafka",…,"records":{"TOPIC-PARTITION":[…]}}` (page with-msk).
 *
 * @param records grouped by partition, in order of offset within each
 */
export const eventOf = (source: EventSource, records: readonly SourceRecord[]): string => {
  const groups: string[] = [];
  let group: string[] = [];
  let partition: number | undefined;
  const close = () => {
    if (partition !== undefined) groups.push(`${JSON.stringify(partitionId(source.topic, partition))}:[${group}]`);
  };
  for (const record of records) {
    if (record.partition !== partition) {
      close();
      group = [];
      partition = record.partition;
    }
    group.push(record.json);
  }
  close();
  return `${prefixOf(source)}${groups.join(',')}}}`;
};

/** How a partition is named in an event and in `batchItemFailures`. */
export const partitionId = (topic: string, partition: number): string => `${topic}-${partition}`;

const prefixOf = ({ eventSourceArn, bootstrapServers }: EventSource): string =>
  `{"eventSource":"aws:kafka","eventSourceArn":${JSON.stringify(eventSourceArn)}` +
  `,"bootstrapServers":${JSON.stringify(bootstrapServers)},"records":{`;

/** Bytes an event has beside its records: the frame, and for each partition its name, quotes and brackets. */
export const frameBytes = (source: EventSource, partitions: number): number =>
  Buffer.byteLength(prefixOf(source)) + 2 + partitions * (Buffer.byteLength(source.topic) + 20);

/** Whether a record alone is too large for an event. */
export const exceedsPayload = (source: EventSource, record: SourceRecord): boolean =>
  record.bytes + frameBytes(source, 1) > LIMITS.payloadBytes;
