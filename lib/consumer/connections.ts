import type { Topic } from '../catalog/index.ts';
import { openPublisher, type Publisher } from '../events/index.ts';
import { openSchedule, type Schedule } from '../scheduler/index.ts';
import { type Settings, settingsFrom } from '../settings.ts';
import { type ObjectStore, openObjects } from '../stores/objects.ts';
import { openRedis, type Redis } from '../stores/redis.ts';

/** What the harness talks to; opened once for the life of the process and used by every invocation. */
export interface Connections {
  readonly redis: Redis;
  readonly objects: ObjectStore;
  readonly publisher: Publisher;
  readonly schedule: Schedule;
}

/** Retries of one request to a broker: few, because the event source mapping tries again as well. */
const RETRIES = 3;

/**
 * @param topic the consumed topic, by whose group the brokers know the client
 * @param settings where the components are; by the environment unless given
 */
export const openConnections = (
  { consumerGroup }: Pick<Topic, 'consumerGroup'>,
  settings: Settings = settingsFrom(),
): Connections => {
  const redis = openRedis(settings);
  const objects = openObjects(settings);
  return {
    redis,
    objects,
    publisher: openPublisher(settings, { clientId: consumerGroup, retries: RETRIES }),
    schedule: openSchedule(redis, objects),
  };
};

/** Ends the connections: for tests and tools; a function's end with its process. */
export const closeConnections = async ({ redis, objects, publisher }: Connections): Promise<void> => {
  redis.disconnect();
  objects.close();
  await publisher.close();
};
