import { headerText } from '../../lib/events/index.ts';
import { isoTime } from '../../lib/record-time.ts';
import type { ErrorClass } from '../../lib/stores/dead-letters/index.ts';
import type { Reader } from './finding.ts';
import { ownHeaders, traceOf } from './redrive-trace.ts';

/** What Kafka Connect puts beside the original headers (Kafka, KIP-298, `errors.deadletterqueue.context.headers.enable`). */
const PREFIX = '__connect.errors.';

/** Exceptions of Connect after which the same record may pass another time; every other names the record as the fault. */
const TRANSIENT = /(Retriable|Timeout|Disconnect|Network|Unavailable)\w*Exception$/;

const classOf = (exception: string): ErrorClass => (TRANSIENT.test(exception) ? 'transient' : 'permanent');

/** The message of an exception often quotes the value it failed on, which may be personal: only its beginning is kept. */
const MESSAGE_CHARACTERS = 200;

/** A record that a connector could not take, as `errors.deadletterqueue.topic.name` keeps it. */
export const readConnect: Reader = ({ timestamp, key, value, headers }) => {
  const header = (name: string) => headerText(headers, `${PREFIX}${name}`);
  const [topic, exception] = [header('topic'), header('exception.class.name')];
  const [partition, offset] = [Number(header('partition')), Number(header('offset'))];
  if (topic === undefined || exception === undefined || Number.isNaN(partition) || Number.isNaN(offset)) {
    return undefined;
  }
  const connector = header('connector.name') ?? 'unknown';
  const stage = (header('stage') ?? 'unknown').toLowerCase().replaceAll('_', ' ');
  const at = isoTime(timestamp);
  const said = header('exception.message')?.slice(0, MESSAGE_CHARACTERS) ?? 'it gave no reason';
  return {
    letter: {
      ...traceOf(headers, topic, partition, offset),
      shape: 'connect',
      topic,
      partition,
      offset,
      consumer: `connect-${connector}`,
      errorClass: classOf(exception),
      code: exception.split('.').at(-1) ?? exception,
      message: `The connector ${connector} could not take it (${stage}): ${said}`,
      attempts: 1,
      firstFailure: at,
      lastFailure: at,
      redrivable: true,
    },
    original: { key, value, headers: ownHeaders(headers).filter(([name]) => !name.startsWith(PREFIX)) },
  };
};
