import { setTimeout as delay } from 'node:timers/promises';
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import { StreamError } from '../errors.ts';
import { isRetriable } from './errors.ts';

export type { Admin } from 'kafkajs';

/** The kind of resource that topics are, where settings are asked for or changed. */
export const TOPIC_RESOURCE = kafkajs.ConfigResourceTypes.TOPIC;
/** Where a setting comes from that was set for the topic itself. */
export const OF_THE_TOPIC = kafkajs.ConfigSource.TOPIC_CONFIG;

/** How long a broker may take to hear of a change, or to load what it knows. */
const SETTLED_MS = 15_000;

/** Does it again while the broker says that it may come right by itself, and throws what it says at last. */
const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (const end = Date.now() + SETTLED_MS; ; await delay(100)) {
    try {
      return await work();
    } catch (error) {
      if (!isRetriable(error) || Date.now() > end) throw error;
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
  // What was there may be about to go: no need to wait for it.
  if (isMade) await patiently(() => admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) }));
  return isMade;
};
