import { messageOf, PermanentError, StreamError, TransientError } from '../../lib/errors.ts';
import type { InboundRecord } from '../../lib/events/index.ts';
import { timeText } from '../../lib/record-time.ts';
import { originalLayout } from '../../lib/stores/dead-letters/index.ts';
import type { ObjectStore } from '../../lib/stores/objects.ts';

/** What this handler itself fails on has no queue to go to: it goes here. */
export const FAILURES_PREFIX = 'dead-letter-queue-failures/';

/** Object of a record that could not be filed. */
export const failureKey = ({ topic, partition, offset }: InboundRecord): string =>
  `${FAILURES_PREFIX}${topic}-${partition}-${offset}.json`;

/** Answers of Redis that blame the command; every other is an outage (LOADING, READONLY, CLUSTERDOWN, OOM). */
const REDIS_REFUSALS = /^(WRONGTYPE|ERR|NOPERM|CROSSSLOT)/;

/** Whether Redis, the object store or a broker is what failed: then the record is delivered again. */
export const isOutage = (error: unknown): boolean => {
  if (error instanceof TransientError) return true;
  if (error instanceof PermanentError || error instanceof StreamError || !(error instanceof Error)) return false;
  if (error.name === 'ReplyError') return !REDIS_REFUSALS.test(error.message);
  // ioredis has no class for these.
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    /^(Connection is closed|Command timed out|Stream isn't writeable)/.test(error.message)
  );
};

/** Keeps a record that could not be filed, with the reason. Writing it again changes nothing. */
export const keepFailure = async (objects: ObjectStore, record: InboundRecord, error: unknown): Promise<string> => {
  const { topic, partition, offset, timestamp } = record;
  const body = {
    reason: messageOf(error),
    stack: error instanceof Error ? (error.stack ?? null) : null,
    topic,
    partition,
    offset,
    timestamp: timeText(timestamp),
    record: originalLayout(record),
  };
  const key = failureKey(record);
  await objects.put(key, JSON.stringify(body), { contentType: 'application/json' });
  return key;
};
