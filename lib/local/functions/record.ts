import type { KafkaMessage } from '../../kafka/index.ts';

/** A record on its way to the function: where it is from, and its text as it stands in the event. */
export interface SourceRecord {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch, as the record carries it. */
  readonly timestamp: number;
  /** The original key; null when the record has none. */
  readonly key: Buffer | null;
  /** The record as one element of the event's `records`, JSON. */
  readonly json: string;
  /** Bytes of `json` in UTF-8. */
  readonly bytes: number;
}

/** Encodes a Kafka record as Lambda's event source for MSK does (Lambda Developer Guide, page with-msk). */
export const sourceRecord = (topic: string, partition: number, message: KafkaMessage): SourceRecord => {
  const { key, value, timestamp } = message;
  const json =
    `{"topic":${JSON.stringify(topic)},"partition":${partition},"offset":${message.offset},"timestamp":${timestamp}` +
    `,"timestampType":"${timestampTypeOf(message)}"` +
    // Base64 needs no escaping; a record without a key has no `key` at all.
    (key === null ? '' : `,"key":"${key.toString('base64')}"`) +
    `,"value":${value === null ? 'null' : `"${value.toString('base64')}"`}` +
    `,"headers":[${headersOf(message)}]}`;
  return {
    partition,
    offset: Number(message.offset),
    timestamp: Number(timestamp),
    key,
    json,
    bytes: Buffer.byteLength(json),
  };
};

/** One object a header; a name that repeats gives several. */
const headersOf = (message: KafkaMessage): string => {
  const { headers } = message;
  if (headers === undefined) return '';
  const parts: string[] = [];
  for (const [name, values] of Object.entries(headers)) {
    for (const value of Array.isArray(values) ? values : [values]) {
      parts.push(`{${JSON.stringify(name)}:[${value ? Buffer.from(value).join(',') : ''}]}`);
    }
  }
  return parts.join(',');
};

/** Kafka's attribute for "the broker set the time" (record batch format, KIP-32). */
const LOG_APPEND_TIME = 1;

const timestampTypeOf = (message: KafkaMessage): 'CREATE_TIME' | 'LOG_APPEND_TIME' => {
  // kafkajs 2.2 keeps what it knows of the record's batch on `batchContext`, which its types leave out.
  const context: unknown = 'batchContext' in message ? message.batchContext : undefined;
  const appended =
    typeof context === 'object' &&
    context !== null &&
    'timestampType' in context &&
    context.timestampType === LOG_APPEND_TIME;
  return appended ? 'LOG_APPEND_TIME' : 'CREATE_TIME';
};
