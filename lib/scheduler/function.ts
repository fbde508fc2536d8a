import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { messageOf } from '../errors.ts';
import { openPublisher } from '../events/index.ts';
import { settingsFrom } from '../settings.ts';
import { openObjects } from '../stores/objects.ts';
import { openRedis } from '../stores/redis.ts';
import { PERIODS } from './periods.ts';
import { runScheduler } from './run.ts';
import { openSchedule } from './schedule.ts';

/**
 * The Lambda function of the scheduler. A rule starts it once a minute (EventBridge; the local host does the same), and it
 * works until shortly before its time is up, so that one is always at work.
 */
const settings = settingsFrom();
const logger = new Logger({ serviceName: 'scheduler' });
const redis = openRedis(settings);
const publisher = openPublisher(settings, { clientId: 'scheduler', retries: 3 });
const schedule = openSchedule(redis, openObjects(settings));

/** Milliseconds before the end of the invocation at which it stops. */
const RESERVE_MS = 5_000;

export const handler = async (_event: unknown, context: Context): Promise<{ readonly published: number }> => {
  logger.addContext(context);
  const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS));
  const onFailure = (error: unknown): void =>
    logger.error('a turn of the scheduler failed and is tried again', { reason: messageOf(error) });
  const published = await runScheduler({ redis, publisher, schedule, periodic: PERIODS, onFailure }, signal);
  return { published };
};
