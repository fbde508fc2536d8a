import { type MskEvent, partitionsOf } from '../../lib/consumer/msk-event.ts';
import type { InboundRecord } from '../../lib/events/index.ts';
import { countOf, type Fields, fieldsOf, isObject, momentOf, objectIn, textOf } from './json.ts';

/** Offsets of one partition, both included. */
export interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Lambda's on-failure envelope (Lambda Developer Guide, pages kafka-on-failure and kafka-on-failure-destination). The pages
 * spell it in two ways: `recordInfo` and a payload as an object on a Kafka topic, `recordsInfo` by partition and a payload
 * as text, or none, elsewhere. Offsets are strings there and times ISO 8601; numbers are taken as well.
 */
export interface Envelope {
  /** `RetriesExhausted`, `RetryAttemptsExhausted`, `MaximumPayloadSizeExceeded`; others are not documented. */
  readonly condition: string;
  readonly requestId: string | undefined;
  readonly functionName: string;
  readonly functionError: string | undefined;
  readonly invokes: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The records of the payload. */
  readonly records: readonly InboundRecord[];
  /** Where the records lie that the payload lacks. */
  readonly ranges: readonly Range[];
  /** What is told of the one record on a Kafka topic: neither its topic nor its partition. */
  readonly single: { readonly offset: number; readonly timestamp: number } | undefined;
  /** Why a batch could not be decoded, of which the one record of the payload has the bytes (not AWS's; our local mapping's). */
  readonly undecodable: string | undefined;
}

/** @returns undefined when the value is no such envelope */
export const envelopeIn = (value: Buffer | null): Envelope | undefined => {
  const fields = value === null ? undefined : objectIn(value.toString('utf8'));
  if (fields === undefined || !isObject(fields.requestContext) || !isObject(fields.KafkaBatchInfo)) return undefined;
  const request = fieldsOf(fields.requestContext);
  const info = fieldsOf(fields.KafkaBatchInfo);
  const condition = textOf(request.condition);
  const at = Date.parse(textOf(fields.timestamp) ?? '');
  if (condition === undefined || Number.isNaN(at)) return undefined;
  const one = fieldsOf(info.recordInfo);
  const [offset, timestamp] = [countOf(one.offset), momentOf(one.timestamp)];
  return {
    condition,
    requestId: textOf(request.requestId),
    functionName: functionNameIn(textOf(request.functionArn) ?? ''),
    functionError: textOf(fieldsOf(fields.responseContext).functionError),
    invokes: countOf(request.approximateInvokeCount) ?? 0,
    at: new Date(at).toISOString(),
    records: recordsIn(fields.payload),
    ranges: rangesIn(fieldsOf(info.recordsInfo)),
    undecodable: textOf(fieldsOf(fields.undecodableBatch).reason),
    single: offset === undefined || timestamp === undefined ? undefined : { offset, timestamp },
  };
};

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]`; the qualifier is `$LATEST` or an alias. */
const functionNameIn = (arn: string): string => arn.split(':')[6] ?? 'unknown';

const recordsIn = (payload: unknown): readonly InboundRecord[] => {
  const event: unknown = typeof payload === 'string' ? objectIn(payload) : payload;
  return isMskEvent(event) ? partitionsOf(event).flatMap(({ records }) => records) : [];
};

const isMskEvent = (value: unknown): value is MskEvent => {
  const { records } = fieldsOf(value);
  return (
    isObject(records) && Object.values(fieldsOf(records)).every((list) => Array.isArray(list) && list.every(isRecord))
  );
};

const isRecord = (value: unknown): boolean => {
  const { topic, partition, offset, timestamp, key, value: body, headers } = fieldsOf(value);
  const isText = (one: unknown): boolean => one === undefined || one === null || typeof one === 'string';
  const isPlaced = [partition, offset].every((one) => typeof one === 'number' && countOf(one) !== undefined);
  const isTimed = typeof timestamp === 'number' && momentOf(timestamp) !== undefined;
  return textOf(topic) !== undefined && isPlaced && isTimed && isText(key) && isText(body) && areHeaders(headers);
};

const areHeaders = (headers: unknown): boolean =>
  headers === undefined ||
  headers === null ||
  (Array.isArray(headers) &&
    headers.every(
      (header) =>
        isObject(header) && Object.values(fieldsOf(header)).every((bytes) => bytes === null || Array.isArray(bytes)),
    ));

const rangesIn = (info: Fields): readonly Range[] =>
  Object.entries(info).flatMap(([id, value]): Range[] => {
    const [, topic, partition] = /^(.+)-(\d+)$/.exec(id) ?? [];
    const { firstRecordOffset, lastRecordOffset } = fieldsOf(value);
    const [first, last] = [countOf(firstRecordOffset), countOf(lastRecordOffset)];
    if (topic === undefined || first === undefined || last === undefined || last < first) return [];
    return [{ topic, partition: Number(partition), first, last }];
  });
