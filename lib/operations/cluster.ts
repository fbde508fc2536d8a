import { StreamError, TransientError } from '../errors.ts';
import { type Admin, isKafkaError, isUnreachable, type Kafka, openKafka as openClient } from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { nextWhenSilent } from './unreachable.ts';

type Brokers = Pick<Settings, 'brokers' | 'kafkaAuth'>;

/**
 * A Kafka client for an operator's commands: it gives up within seconds instead of retrying for minutes, and is silent,
 * because its errors are told by the command that met them.
 */
export const openKafka = (settings: Brokers): Kafka => openClient(settings, { clientId: 'stream-manager', retries: 3 });

/**
 * What an operator is told about an error of the Kafka client.
 *
 * @returns a {@link StreamError}: BROKER_UNAVAILABLE when no broker answers, SERVICE_FAILED with Kafka's own sentence else
 */
export const kafkaFailure = (error: unknown, settings: Brokers): unknown => {
  if (error instanceof StreamError || !isKafkaError(error)) return error;
  if (isUnreachable(error)) {
    return new TransientError('BROKER_UNAVAILABLE', `No Kafka broker answers at ${settings.brokers.join(', ')}.`, {
      next: nextWhenSilent(settings),
      cause: error,
    });
  }
  return new StreamError('SERVICE_FAILED', `Kafka refused: ${error.message}`, { cause: error });
};

/**
 * Runs `work` with a connected admin client and closes it, whatever happens.
 *
 * @throws StreamError BROKER_UNAVAILABLE when no broker answers
 */
export const withAdmin = async <Result>(
  settings: Brokers,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> => {
  const admin = openKafka(settings).admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    throw kafkaFailure(error, settings);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};
