import kafkajs, { type Kafka } from 'kafkajs';
import type { Settings } from '../settings.ts';

export type { Kafka } from 'kafkajs';

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
 * @param settings where the brokers are
 */
export const openKafka = ({ brokers }: Pick<Settings, 'brokers'>, { clientId, retries = 5 }: KafkaOptions): Kafka =>
  new kafkajs.Kafka({
    clientId,
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 2_000,
    retry: { initialRetryTime: 100, maxRetryTime: 5_000, retries },
  });
