import { DEAD_LETTER_HEADER, firstTimestampOf, type Headers, headerText } from '../../lib/events/index.ts';
import { arrivalOf } from './arrival.ts';
import type { Reader } from './finding.ts';
import { ownHeaders, traceOf } from './redrive-trace.ts';

const WHY: ReadonlySet<string> = new Set(Object.values(DEAD_LETTER_HEADER));

const numberIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;

const timeIn = (text = '', otherwise: number): string =>
  Number.isNaN(Date.parse(text)) ? arrivalOf(otherwise) : new Date(text).toISOString();

/** Of the record, not of its dead letter; dead letters of older versions do not tell it. */
const firstTimestamp = (headers: Headers): { timestamp?: number } => {
  const said = Number(headerText(headers, DEAD_LETTER_HEADER.timestamp) ?? Number.NaN);
  return Number.isInteger(said) ? { timestamp: firstTimestampOf({ headers, timestamp: said }) } : {};
};

/** A dead letter of our harness, or of the scheduler: the original record with `dlq-*` headers. */
export const readOurs: Reader = ({ topic: queue, partition: at, offset: place, timestamp, key, value, headers }) => {
  const header = (name: keyof typeof DEAD_LETTER_HEADER) => headerText(headers, DEAD_LETTER_HEADER[name]);
  const [topic, code, message] = [header('topic'), header('errorCode'), header('errorMessage')];
  if (topic === undefined || code === undefined) return undefined;
  const [partition, offset] = [numberIn(header('partition')), numberIn(header('offset'))];
  // What the scheduler could not publish has never had a place of its own.
  const isPlaced = partition !== undefined && offset !== undefined;
  const trace = isPlaced ? traceOf(headers, topic, partition, offset) : traceOf(headers, queue, at, place);
  return {
    letter: {
      ...trace,
      shape: 'ours',
      topic,
      partition: partition ?? -1,
      offset: offset ?? -1,
      consumer: header('consumer') ?? 'unknown',
      errorClass: header('errorClass') === 'transient' ? 'transient' : 'permanent',
      code,
      message: message ?? code,
      attempts: numberIn(header('attempts')) ?? 1,
      firstFailure: timeIn(header('firstFailure'), timestamp),
      lastFailure: timeIn(header('lastFailure'), timestamp),
      redrivable: true,
    },
    original: {
      key,
      value,
      headers: ownHeaders(headers).filter(([name]) => !WHY.has(name)),
      ...firstTimestamp(headers),
    },
  };
};
