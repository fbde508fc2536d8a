import { DEAD_LETTER_TOPIC } from '../catalog/index.ts';
import type { StreamError } from '../errors.ts';
import { derivedEventId } from './ids.ts';
import { type LetterPlace, placeOfLetter } from './letter-id.ts';
import { headerText, type InboundRecord, positionOf, type RawRecord } from './record.ts';

/** Headers that a dead letter of ours has beside the original ones. */
export const DEAD_LETTER_HEADER = {
  topic: 'dlq-topic',
  partition: 'dlq-partition',
  offset: 'dlq-offset',
  /** Of the record on its source topic, milliseconds since 1970. */
  timestamp: 'dlq-timestamp',
  /** Consumer group that gave the record up. */
  consumer: 'dlq-consumer',
  /** `permanent` or `transient`. */
  errorClass: 'dlq-error-class',
  /** One of the codes of lib/errors.ts. */
  errorCode: 'dlq-error-code',
  /** One sentence for the person who looks at it. */
  errorMessage: 'dlq-error-message',
  /** How often it was tried, as far as we know. */
  attempts: 'dlq-attempts',
  /** ISO 8601, UTC. */
  firstFailure: 'dlq-first-failure',
  lastFailure: 'dlq-last-failure',
} as const;

/** Headers of a record that was put back on its topic. They stay with it, so that one that fails again is known. */
export const REDRIVE_HEADER = {
  /** How often it was put back. */
  count: 'dlq-redrive-count',
  /** Id of its dead letter: the place where it lay at first. */
  of: 'dlq-redrive-of',
  /** Timestamp of the first record, milliseconds since 1970: with its place the identity of a record without an event id. */
  timestamp: 'dlq-redrive-timestamp',
} as const;

/** Header of a record whose payload a person has replaced: when, ISO 8601, UTC, and who. It stays with the record. */
export const PATCHED_HEADER = 'dlq-patched';

/** When and how often a record failed. */
export interface FailureHistory {
  readonly attempts: number;
  /** ISO 8601, UTC. */
  readonly firstFailure: string;
  readonly lastFailure: string;
}

/** A record that could not be worked; one that never came onto its topic has no place there. */
export type FailedRecord = Pick<InboundRecord, 'topic' | 'key' | 'value' | 'headers'> &
  Partial<Pick<InboundRecord, 'partition' | 'offset' | 'timestamp'>>;

/**
 * The record that puts a failed one back on its topic: key, value and headers as they were, and the trace by which it is
 * known should it fail again.
 *
 * @param letter its dead letter; `redriveCount`: how often it was put back before
 */
export const putBack = (
  { id, topic, partition = -1, redriveCount }: FailedPlace,
  {
    key,
    value,
    headers,
    timestamp,
  }: Pick<InboundRecord, 'key' | 'value' | 'headers'> & { readonly timestamp?: number },
): RawRecord => ({
  topic,
  key,
  value,
  // Its consumer's marks lie under the key; of a record without one, under the partition.
  ...(key === null && partition >= 0 ? { partition } : {}),
  headers: [
    ...headers,
    [REDRIVE_HEADER.count, Buffer.from(String(redriveCount + 1))],
    [REDRIVE_HEADER.of, Buffer.from(id)],
    ...(timestamp === undefined ? [] : [[REDRIVE_HEADER.timestamp, Buffer.from(String(timestamp))] as const]),
  ],
});

interface FailedPlace {
  readonly id: string;
  readonly topic: string;
  /** -1 where it is not known. */
  readonly partition?: number;
  readonly redriveCount: number;
}

/** Where a redriven record lay at first; undefined for one that was never redriven. */
export const firstPlaceOf = ({ headers }: Pick<InboundRecord, 'headers'>): LetterPlace | undefined =>
  placeOfLetter(headerText(headers, REDRIVE_HEADER.of) ?? '');

/** When a record was first written to its topic, milliseconds since 1970, also when it was redriven since. */
export const firstTimestampOf = ({ headers, timestamp }: Pick<InboundRecord, 'headers' | 'timestamp'>): number => {
  const said = headerText(headers, REDRIVE_HEADER.timestamp) ?? '';
  return /^-?\d{1,19}$/.test(said) ? Number(said) : timestamp;
};

/**
 * The event id of a record that names none: the same for the same record, also when it was redriven since. Its place alone
 * would not do: a topic that is deleted and made again has other records at the same places.
 */
export const positionEventId = (
  record: Pick<InboundRecord, 'topic' | 'partition' | 'offset' | 'headers' | 'timestamp'>,
): string => derivedEventId(`${positionOf(firstPlaceOf(record) ?? record)}@${firstTimestampOf(record)}`, 'record');

const OURS: ReadonlySet<string> = new Set(Object.values(DEAD_LETTER_HEADER));
const MESSAGE_CHARACTERS = 1_000;

/**
 * The dead letter of a record: its key, value and headers untouched, and why it failed in headers of their own, which
 * replace those of an earlier failure.
 *
 * @param consumer the consumer group that gives it up
 */
export const deadLetter = (
  { topic, partition, offset, timestamp, key, value, headers }: FailedRecord,
  consumer: string,
  error: StreamError,
  { attempts, firstFailure, lastFailure }: FailureHistory,
): RawRecord => {
  const why: readonly (readonly [string, string | number])[] = [
    [DEAD_LETTER_HEADER.topic, topic],
    ...(partition === undefined ? [] : [[DEAD_LETTER_HEADER.partition, partition] as const]),
    ...(offset === undefined ? [] : [[DEAD_LETTER_HEADER.offset, offset] as const]),
    ...(timestamp === undefined ? [] : [[DEAD_LETTER_HEADER.timestamp, timestamp] as const]),
    [DEAD_LETTER_HEADER.consumer, consumer],
    [DEAD_LETTER_HEADER.errorClass, error.failureClass],
    [DEAD_LETTER_HEADER.errorCode, error.code],
    [DEAD_LETTER_HEADER.errorMessage, error.message.slice(0, MESSAGE_CHARACTERS)],
    [DEAD_LETTER_HEADER.attempts, attempts],
    [DEAD_LETTER_HEADER.firstFailure, firstFailure],
    [DEAD_LETTER_HEADER.lastFailure, lastFailure],
  ];
  return {
    topic: DEAD_LETTER_TOPIC,
    key,
    value,
    headers: [
      ...headers.filter(([name]) => !OURS.has(name)),
      ...why.map(([name, content]) => [name, Buffer.from(String(content))] as const),
    ],
  };
};
