import { messageOf, StreamError, TransientError } from '../../errors.ts';
import { openPublisher, type Publisher } from '../../events/index.ts';
import { openSchedule, type Schedule } from '../../scheduler/index.ts';
import type { Settings } from '../../settings.ts';
import { type ObjectStore, openObjects } from '../../stores/objects.ts';
import { openRedis, type Redis } from '../../stores/redis.ts';
import { redisSilent } from '../unreachable.ts';
import { settlePassed } from './passed.ts';

/** Where dead letters lie, and what they are put back with. */
export interface LetterStores {
  readonly redis: Redis;
  readonly objects: ObjectStore;
  readonly publisher: Publisher;
  readonly schedule: Schedule;
}

/**
 * Runs `work` with the stores opened, and closes them whatever happens.
 *
 * @throws TransientError REDIS_UNAVAILABLE when Redis does not answer
 */
export const withLetters = async <Result>(
  settings: Settings,
  work: (stores: LetterStores) => Promise<Result>,
): Promise<Result> => {
  const redis = openRedis(settings);
  const objects = openObjects(settings);
  const publisher = openPublisher(settings, { clientId: 'stream-manager', retries: 2 });
  try {
    await redis.ping().catch((error: unknown) => {
      throw redisSilent(settings, error);
    });
    // Without brokers the letters can be seen all the same.
    await settlePassed(settings, redis).catch((error: unknown) => {
      if (!(error instanceof TransientError)) throw error;
    });
    return await work({ redis, objects, publisher, schedule: openSchedule(redis, objects) });
  } catch (error) {
    throw error instanceof StreamError ? error : new StreamError('SERVICE_FAILED', messageOf(error), { cause: error });
  } finally {
    redis.disconnect();
    objects.close();
    await publisher.close();
  }
};
