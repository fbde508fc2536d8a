import type { Topic } from '../catalog/index.ts';
import { openPublisher, type Publisher } from '../events/index.ts';
import { settingsFrom } from '../settings.ts';
import { openRedis, type Redis } from '../stores/redis.ts';

/** What the harness talks to; opened once for the life of the process and used by every invocation. */
export interface Connections {
  readonly redis: Redis;
  readonly publisher: Publisher;
}

/** Retries of one request to a broker: few, because the event source mapping tries again as well. */
const RETRIES = 3;

/** @param topic the consumed topic, by whose group the brokers know the client */
export const openConnections = (topic: Topic): Connections => {
  const settings = settingsFrom();
  return {
    redis: openRedis(settings),
    publisher: openPublisher(settings, { clientId: topic.consumerGroup, retries: RETRIES }),
  };
};
