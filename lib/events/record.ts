/** A record's headers in order; a name may repeat. */
export type Headers = readonly (readonly [name: string, value: Buffer])[];

/** A record as a consumer receives it. */
export interface InboundRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  /** Null is a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Headers;
}

/** A record to be published as it is. */
export interface RawRecord {
  readonly topic: string;
  /** Without a key the record goes to any partition. */
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
  /** Overrides the key's partition; for records that must return to where they were. */
  readonly partition?: number;
}

/** Names of the headers that every published record has. */
export const HEADER = {
  eventType: 'event-type',
  eventId: 'event-id',
  correlationId: 'correlation-id',
  contentType: 'content-type',
  /** W3C Trace Context; only where there is one. */
  traceparent: 'traceparent',
} as const;

/** What a value encoded by this project is, as Confluent's own tools name it. */
export const CONTENT_TYPE = 'application/vnd.confluent.avro';

/** The first header of that name as text, or undefined. */
export const headerText = (headers: Headers, name: string): string | undefined =>
  headers.find(([found]) => found === name)?.[1].toString('utf8');

/** Where a record lies, for people and as an identity: `topic/partition/offset`. */
export const positionOf = ({
  topic,
  partition,
  offset,
}: Pick<InboundRecord, 'topic' | 'partition' | 'offset'>): string => `${topic}/${partition}/${offset}`;
