import { randomUUID } from 'node:crypto';
import { timeText } from '../../record-time.ts';
import { CHOICES } from './choices.ts';
import type { GivenUp } from './delivery.ts';
import { type EventSource, eventOf } from './event.ts';
import { functionArn } from './limits.ts';
import type { SourceRecord } from './record.ts';

/** A failed record as it goes to a destination: the original key, and the envelope as JSON. */
export interface FailureMessage {
  readonly key: Buffer | null;
  readonly value: string;
}

/** Where records go that were given up. */
export interface OnFailureDestination {
  /** As AWS spells it, `kafka://TOPIC`, or `file://…`. */
  readonly name: string;
  /**
   * Stores the messages, in order.
   *
   * @throws TransientError when trying again can help, PermanentError when the destination can never take the message
   */
  deliver(message: FailureMessage): Promise<void>;
}

/**
 * The message of one failed record for a Kafka destination (page kafka-on-failure-destination): one message a record,
 * the payload an object with that one record, the offset a string and the time ISO 8601. Headers are not documented, and
 * there are none.
 *
 * @param source the mapping's event source
 * @param record the record that was given up
 * @param now milliseconds since the epoch
 */
export const failureMessage = (
  source: EventSource,
  record: SourceRecord,
  why: GivenUp,
  now: number,
): FailureMessage => {
  const payload = eventOf(source, [record]);
  const head = JSON.stringify({
    requestContext: {
      requestId: why.last?.requestId ?? randomUUID(),
      functionArn: `${functionArn(source.topic)}:$LATEST`,
      condition: why.condition === 'RecordAgeExceeded' ? CHOICES.expiredCondition : why.condition,
      approximateInvokeCount: why.invokes,
    },
    responseContext: why.last
      ? {
          statusCode: why.last.statusCode,
          executedVersion: '$LATEST',
          functionError: why.last.functionError,
        }
      : null,
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    KafkaBatchInfo: {
      batchSize: 1,
      eventSourceArn: source.eventSourceArn,
      bootstrapServers: source.bootstrapServers,
      payloadSize: Buffer.byteLength(payload),
      recordInfo: { offset: String(record.offset), timestamp: timeText(record.timestamp) },
    },
    // Not AWS's: see CHOICES.undecodableBatches.
    ...(record.undecodable === undefined
      ? {}
      : { undecodableBatch: { ...record.undecodable, firstOffset: String(record.undecodable.firstOffset) } }),
  });
  return { key: record.key, value: `${head.slice(0, -1)},"payload":${payload}}` };
};
