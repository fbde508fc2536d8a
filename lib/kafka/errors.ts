import kafkajs from 'kafkajs';
import protocolErrors from 'kafkajs/src/protocol/error.js';
import { TransientError } from '../errors.ts';

/** Errors of the broker that the same record meets again however often it is sent. */
const HOPELESS: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

/** Errors of kafkajs that mean "no broker answers", whatever request met them. */
const UNREACHABLE = /^KafkaJS(Connection|ConnectionClosed|BrokerNotFound|NumberOfRetriesExceeded|RequestTimeout)/;

/** Whether an error is the client's or the broker's, not one of the code around them. */
export const isKafkaError = (error: unknown): error is Error => error instanceof kafkajs.KafkaJSError;

/** The broker's own word for an error, such as `UNKNOWN_TOPIC_OR_PARTITION`, under the wrappers of the client. */
export const brokerErrorOf = (error: unknown): string | undefined => {
  if (error instanceof kafkajs.KafkaJSProtocolError) return error.type;
  return error instanceof Error ? brokerErrorOf(error.cause) : undefined;
};

/** Whether the broker can never take the record: it is too large, or not allowed on its topic. */
export const isHopeless = (error: unknown): boolean => HOPELESS.has(brokerErrorOf(error) ?? '');

/** Whether the same request may succeed later. */
export const isRetriable = (error: unknown): boolean => error instanceof kafkajs.KafkaJSError && error.retriable;

/** Whether no broker answers. */
export const isUnreachable = (error: unknown): boolean => isKafkaError(error) && UNREACHABLE.test(error.name);

/** Whether another try may help: no broker answers, or another one leads the partition now. */
export const isPassing = (error: unknown): boolean => {
  if (error instanceof kafkajs.KafkaJSProtocolError) return error.retriable;
  return isKafkaError(error) || (error instanceof TransientError && error.code === 'BROKER_UNAVAILABLE');
};

/** The error that a code of the protocol means; never 0, which is none. */
export const errorOfCode = (code: number): Error => protocolErrors.createErrorFromCode(code);
