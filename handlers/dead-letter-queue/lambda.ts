import { topic as entryOf, isTopicName, TOPIC_NAMES } from '../../lib/catalog/index.ts';
import { firstTimestampOf, type InboundRecord, letterId } from '../../lib/events/index.ts';
import { partitionOf } from '../../lib/kafka/index.ts';
import type { DeadLetter, ErrorClass } from '../../lib/stores/dead-letters/index.ts';
import type { Found } from './finding.ts';
import type { Envelope, Range } from './lambda-envelope.ts';
import { ownHeaders, traceOf } from './redrive-trace.ts';
import type { SourceLog } from './source-log.ts';

/** What Lambda's conditions mean for the record. */
const CONDITIONS: Readonly<
  Record<string, { readonly code: string; readonly errorClass: ErrorClass; readonly why: string }>
> = {
  RetriesExhausted: { code: 'RETRIES_EXHAUSTED', errorClass: 'transient', why: 'it failed each time' },
  RetryAttemptsExhausted: { code: 'RETRIES_EXHAUSTED', errorClass: 'transient', why: 'it failed each time' },
  RecordAgeExceeded: { code: 'RECORD_TOO_OLD', errorClass: 'transient', why: 'it had become too old' },
  MaximumPayloadSizeExceeded: {
    code: 'PAYLOAD_TOO_LARGE',
    errorClass: 'permanent',
    why: 'it is larger than an invocation can carry',
  },
  UndecodableBatch: { code: 'UNDECODABLE_BATCH', errorClass: 'permanent', why: 'it cannot be decoded' },
};

/** Characters of a reason at most. */
const MOST_TEXT = 300;
/** Offsets of one envelope at most: a batch has no more records. */
const MOST_RECORDS = 10_000;

type Reason = Pick<
  DeadLetter,
  'shape' | 'errorClass' | 'code' | 'message' | 'attempts' | 'firstFailure' | 'lastFailure'
>;

const reasonOf = ({ condition, functionName, functionError, requestId, invokes, at }: Envelope): Reason => {
  // What is not documented somebody has to look at.
  const known = CONDITIONS[condition] ?? { code: condition.slice(0, 60), errorClass: 'permanent', why: condition };
  const calls = `${invokes} ${invokes === 1 ? 'call' : 'calls'}`;
  const last = requestId === undefined ? '' : `, the last of which was request ${requestId}`;
  const error = functionError === undefined ? '' : ` (${functionError})`;
  return {
    shape: 'lambda',
    errorClass: known.errorClass,
    code: known.code,
    message: `Lambda gave it up after ${calls} of ${functionName}${last}: ${known.why}${error}.`,
    attempts: Math.max(1, invokes),
    firstFailure: at,
    lastFailure: at,
  };
};

const consumerOf = (topic: string, { functionName }: Envelope): string =>
  isTopicName(topic) ? entryOf(topic).consumerGroup : functionName;

const foundIn = (record: InboundRecord, envelope: Envelope): Found => {
  const { topic, partition, offset, key, value, headers } = record;
  const { undecodable } = envelope;
  const letter = {
    ...reasonOf(envelope),
    ...traceOf(headers, topic, partition, offset),
    // Sent again, the bytes of a batch would be the value of one record.
    ...{ topic, partition, offset, consumer: consumerOf(topic, envelope), redrivable: undecodable === undefined },
    ...(undecodable === undefined ? {} : { message: undecodable.slice(0, MOST_TEXT) }),
  };
  return { letter, original: { key, value, headers: ownHeaders(headers), timestamp: firstTimestampOf(record) } };
};

/** A letter of a record that nobody has any more; what there is of it, the envelope, is kept in its stead. */
const lost = (carrier: InboundRecord, envelope: Envelope, place: Place | undefined): Found => {
  const { topic, partition, offset } = place ?? carrier;
  const where =
    place === undefined ? 'and the envelope does not say where it lies' : 'and it is no longer on its topic';
  const reason = reasonOf(envelope);
  return {
    letter: {
      ...reason,
      ...{ id: letterId(topic, partition, offset), topic, partition, offset, redriveCount: 0, redrivable: false },
      consumer: consumerOf(topic, envelope),
      code: 'RECORD_LOST',
      errorClass: 'permanent',
      message: `${reason.message} The envelope came without the record, ${where}.`,
    },
    original: { key: carrier.key, value: carrier.value, headers: carrier.headers },
  };
};

type Place = Pick<InboundRecord, 'topic' | 'partition' | 'offset'>;

/**
 * The letters of an envelope. A record that did not come with it is read from its topic.
 *
 * @param carrier the record of the queue that holds the envelope
 * @throws TransientError BROKER_UNAVAILABLE
 */
export const lettersOfEnvelope = async (
  carrier: InboundRecord,
  envelope: Envelope,
  log: SourceLog,
): Promise<readonly Found[]> => {
  if (envelope.records.length > 0) return envelope.records.map((record) => foundIn(record, envelope));
  if (envelope.ranges.length > 0) {
    const parts = await Promise.all(envelope.ranges.map((range) => reread(range, carrier, envelope, log)));
    return parts.flat();
  }
  const place = guessedPlace(carrier, envelope);
  if (place === undefined) return [lost(carrier, envelope, undefined)];
  const [record] = await log.read({ ...place, first: place.offset, last: place.offset });
  // The place was guessed from function and key: another record there shows the guess as wrong.
  const isIt = record !== undefined && record.timestamp === envelope.single?.timestamp && sameKey(record, carrier);
  return [isIt ? foundIn(record, envelope) : lost(carrier, envelope, undefined)];
};

const reread = async (
  range: Range,
  carrier: InboundRecord,
  envelope: Envelope,
  log: SourceLog,
): Promise<readonly Found[]> => {
  const { topic, partition, first } = range;
  const last = Math.min(range.last, first + MOST_RECORDS - 1);
  const records = new Map((await log.read({ topic, partition, first, last })).map((one) => [one.offset, one]));
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const record = records.get(first + i);
    return record === undefined
      ? lost(carrier, envelope, { topic, partition, offset: first + i })
      : foundIn(record, envelope);
  });
};

/** On a Kafka topic the envelope names no place; the function is one of a topic, and the carrier has the record's key. */
const guessedPlace = ({ key }: InboundRecord, { functionName, single }: Envelope): Place | undefined => {
  const topic = TOPIC_NAMES.find((name) => functionName === name || functionName.endsWith(`-${name}`));
  if (topic === undefined || single === undefined || key === null) return undefined;
  return { topic, partition: partitionOf(key, entryOf(topic).partitions), offset: single.offset };
};

const sameKey = (a: InboundRecord, b: InboundRecord): boolean =>
  a.key !== null && b.key !== null && a.key.equals(b.key);
