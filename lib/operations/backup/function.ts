import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { BACKUP } from '../../catalog/index.ts';
import { messageOf } from '../../errors.ts';
import { settingsFrom } from '../../settings.ts';
import { openPlace } from './place.ts';
import { ageOf, type Turn, takeTurn } from './turn.ts';

/** The Lambda function that makes backups; a rule calls it (lib/infra/stacks/backup.ts). */
const settings = settingsFrom();
const logger = new Logger({ serviceName: BACKUP.name });
const metrics = new Metrics({ serviceName: BACKUP.name });

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** What has been read by then is written, and what was done is noted. */
const RESERVE_MS = 90_000;

const { BACKUP_PLACE = '', BACKUP_EVERY_MINUTES, BACKUP_FULL_AFTER_DAYS, BACKUP_PARTS = '' } = process.env;

/** Calls do not come to the second: one that is a moment early must not wait for the next. */
const SLACK_MS = (BACKUP.callEveryMinutes * MINUTE_MS) / 2;

const wanted = {
  everyMs: Number(BACKUP_EVERY_MINUTES) * MINUTE_MS - SLACK_MS,
  fullAfterMs: Number(BACKUP_FULL_AFTER_DAYS) * DAY_MS,
  parts: (['schemas', 'redis', 'objects'] as const).filter((part) => BACKUP_PARTS.split(',').includes(part)),
};

const SAYS: Readonly<Record<Turn['state'], string>> = {
  made: 'a backup is whole',
  stopped: 'a backup goes on with the next call',
  'not due': 'no backup is due yet',
};

export const handler = async (_event: unknown, context: Context): Promise<Turn> => {
  logger.addContext(context);
  const place = openPlace(BACKUP_PLACE, settings);
  try {
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS));
    const turn = await takeTurn(settings, place, wanted, signal);
    logger.info(SAYS[turn.state], { turn });
    return turn;
  } catch (error) {
    logger.error('a backup failed and is tried again with the next call', { reason: messageOf(error) });
    throw error;
  } finally {
    // Told each time: of a function that is silent nobody knows how old its last backup is, and that is an alarm as well.
    const age = await ageOf(place, Date.now()).catch(() => undefined);
    if (age !== undefined) metrics.addMetric('BackupAge', MetricUnit.Seconds, age / 1_000);
    metrics.publishStoredMetrics();
    place.close();
  }
};
