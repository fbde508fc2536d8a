import kafkajs, { type Kafka, type LogEntry } from 'kafkajs';
import type { Settings } from '../settings.ts';
import { cureKafkajs } from './cures.ts';
import { mskIam } from './msk-iam.ts';

export type { Kafka } from 'kafkajs';

cureKafkajs();

const CONNECTION_MS = 2_000;
/** With a handshake of TLS and of SASL. */
const TLS_CONNECTION_MS = 5_000;

/** How long a Kafka client tries. */
export interface KafkaOptions {
  /** Name in the broker's logs and quotas. */
  readonly clientId: string;
  /** Retries of one request, with growing delay; 5 are about 10 s. */
  readonly retries?: number;
  /** Is told what the client calls an error; without it nothing is logged. */
  readonly onError?: (message: string) => void;
}

/**
 * A Kafka client. It is silent unless asked: what fails is told by whoever called it.
 *
 * @param settings where the brokers are, and how they want to be spoken to
 */
export const openKafka = (
  { brokers, kafkaAuth }: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  { clientId, retries = 5, onError }: KafkaOptions,
): Kafka =>
  new kafkajs.Kafka({
    clientId,
    brokers: [...brokers],
    logLevel: onError ? kafkajs.logLevel.ERROR : kafkajs.logLevel.NOTHING,
    ...(onError ? { logCreator: () => (entry: LogEntry) => onError(entry.log.message) } : {}),
    ...(kafkaAuth === 'iam' ? mskIam() : {}),
    connectionTimeout: kafkaAuth === 'iam' ? TLS_CONNECTION_MS : CONNECTION_MS,
    retry: { initialRetryTime: 100, maxRetryTime: 5_000, retries },
  });
