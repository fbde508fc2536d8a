import { setTimeout as delay } from 'node:timers/promises';
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import { StreamError, TransientError } from '../errors.ts';
import { type Kafka, openKafka as openClient } from '../events/kafka.ts';
import type { Settings } from '../settings.ts';
import { nextWhenSilent } from './unreachable.ts';

export type { Admin } from 'kafkajs';

type Brokers = Pick<Settings, 'brokers' | 'kafkaAuth'>;

/**
 * A Kafka client for an operator's commands: it gives up within seconds instead of retrying for minutes, and is silent,
 * because its errors are told by the command that met them.
 */
export const openKafka = (settings: Brokers): Kafka => openClient(settings, { clientId: 'stream-manager', retries: 3 });

/** Errors of kafkajs that mean "nobody answers", whatever request met them. */
const UNREACHABLE = /^KafkaJS(Connection|ConnectionClosed|BrokerNotFound|NumberOfRetriesExceeded|RequestTimeout)/;

/**
 * What an operator is told about an error of the Kafka client.
 *
 * @returns a {@link StreamError}: BROKER_UNAVAILABLE when no broker answers, SERVICE_FAILED with Kafka's own sentence else
 */
export const kafkaFailure = (error: unknown, settings: Brokers): unknown => {
  if (error instanceof StreamError || !(error instanceof kafkajs.KafkaJSError)) return error;
  if (UNREACHABLE.test(error.name)) {
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

/** How long a broker may take to hear of a change, or to load what it knows. */
const SETTLED_MS = 15_000;

/** Does it again while the broker says that it may come right by itself, and throws what it says at last. */
const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (const end = Date.now() + SETTLED_MS; ; await delay(100)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof kafkajs.KafkaJSError && error.retriable) || Date.now() > end) throw error;
    }
  }
};

/**
 * Waits until the broker that coordinates a group has loaded it, which takes a moment after the broker's start. A consumer
 * of kafkajs that joins before crashes with COORDINATOR_LOAD_IN_PROGRESS, and forgets the places it was to read from.
 */
export const coordinatorReady = async (admin: Admin, group: string): Promise<void> => {
  await patiently(() => admin.describeGroups([group]));
};

/** How long brokers that are started together take to find each other, on a slow machine. */
const WHOLE_MS = 60_000;

/** Waits until so many brokers are in the cluster, before replicas are put on all of them. */
export const wholeCluster = async (admin: Admin, brokers: number): Promise<void> => {
  if (brokers === 1) return;
  for (const end = Date.now() + WHOLE_MS; Date.now() < end; await delay(100)) {
    if ((await admin.describeCluster()).brokers.length >= brokers) return;
  }
  throw new StreamError('SERVICE_FAILED', `Not all of the ${brokers} brokers have joined the cluster.`, {
    next: 'See ./stream-manager.sh health',
  });
};

/**
 * Makes topics, and waits until their leaders are known. kafkajs can wait as well, but fails at a broker that has not heard
 * of a topic yet, as one that has much to do has not.
 *
 * @returns false when some were there already
 */
export const makeTopics = async (admin: Admin, topics: ITopicConfig[]): Promise<boolean> => {
  const isMade = await admin.createTopics({ waitForLeaders: false, topics });
  // What was there may be about to go: nobody has to wait for it.
  if (isMade) await patiently(() => admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) }));
  return isMade;
};
