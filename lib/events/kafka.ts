import kafkajs, { type Kafka } from 'kafkajs';
import type { Settings } from '../settings.ts';
import { mskIam } from './msk-iam.ts';

export type { Kafka } from 'kafkajs';

const CONNECTION_MS = 2_000;
/** With a handshake of TLS and of SASL. */
const TLS_CONNECTION_MS = 5_000;

/** How long a Kafka client tries. */
export interface KafkaOptions {
  /** Name in the broker's logs and quotas. */
  readonly clientId: string;
  /** Retries of one request, with growing delay; 5 are about 10 s. */
  readonly retries?: number;
}

/**
 * A Kafka client. It is silent: what fails is told by whoever called it.
 *
 * @param settings where the brokers are, and how they want to be spoken to
 */
export const openKafka = (
  { brokers, kafkaAuth }: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  { clientId, retries = 5 }: KafkaOptions,
): Kafka =>
  new kafkajs.Kafka({
    clientId,
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    ...(kafkaAuth === 'iam' ? mskIam() : {}),
    connectionTimeout: kafkaAuth === 'iam' ? TLS_CONNECTION_MS : CONNECTION_MS,
    retry: { initialRetryTime: 100, maxRetryTime: 5_000, retries },
  });
