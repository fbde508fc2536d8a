import type { KafkaRecord, Undecodable } from '../../kafka/index.ts';

/** A record on its way to the function: where it is from, and its text as it stands in the event. */
export interface SourceRecord {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch, as the record carries it; rounded beyond 2^53. */
  readonly timestamp: number;
  /** The original key; null when the record has none. */
  readonly key: Buffer | null;
  /** The record as one element of the event's `records`, JSON. */
  readonly json: string;
  /** Bytes of `json` in UTF-8. */
  readonly bytes: number;
  /** Set where it stands for a batch that cannot be decoded: it goes to no function. */
  readonly undecodable?: Undecodable;
}

/** Encodes a Kafka record as Lambda's event source for MSK does (Lambda Developer Guide, page with-msk). */
export const sourceRecord = (topic: string, partition: number, message: KafkaRecord): SourceRecord => {
  const { key, value, timestamp } = message;
  const json =
    `{"topic":${JSON.stringify(topic)},"partition":${partition},"offset":${message.offset},"timestamp":${timestamp}` +
    `,"timestampType":"${message.timestampType}"` +
    // Base64 needs no escaping; a record without a key has no `key` at all.
    (key === null ? '' : `,"key":"${key.toString('base64')}"`) +
    `,"value":${value === null ? 'null' : `"${value.toString('base64')}"`}` +
    `,"headers":[${headersOf(message)}]}`;
  return {
    partition,
    offset: message.offset,
    timestamp: Number(timestamp),
    key,
    json,
    bytes: Buffer.byteLength(json),
    ...(message.undecodable === undefined ? {} : { undecodable: message.undecodable }),
  };
};

/** One object a header; a name that repeats gives several. */
const headersOf = ({ headers }: KafkaRecord): string => {
  const parts: string[] = [];
  for (const [name, value] of headers) {
    parts.push(`{${JSON.stringify(name)}:[${value === null ? '' : signed(value)}]}`);
  }
  return parts.join(',');
};

/** Bytes as the JVM has them, -128 to 127: so Lambda sends them (aws/aws-lambda-go#506, aws/aws-lambda-dotnet#1476). */
const signed = ({ buffer, byteOffset, length }: Buffer): string => new Int8Array(buffer, byteOffset, length).join(',');
