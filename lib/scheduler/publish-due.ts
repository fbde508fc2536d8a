import { messageOf, StreamError } from '../errors.ts';
import { deadLetter, type Publisher, type RawRecord } from '../events/index.ts';
import type { StoredEntry } from './entry.ts';
import type { Schedule } from './schedule.ts';

/** Entries that are read and published together. */
const AT_ONCE = 200;

/** Who a dead letter says has given a record up. */
export const SCHEDULER = 'scheduler';

/**
 * Publishes what is due, in the order of its due time, and takes it out of the schedule once the brokers have it. Dying in
 * between publishes it again, with the same event id. What no broker will ever take goes to the dead-letter queue.
 *
 * @param now milliseconds since 1970
 * @returns how many entries have left the schedule
 */
export const publishDue = async (schedule: Schedule, publisher: Publisher, now: number): Promise<number> => {
  for (let gone = 0; ; ) {
    const entries = await schedule.due(now, AT_ONCE);
    // Begun in order: the publisher keeps the order of each partition.
    const ends = await Promise.all(entries.map((entry) => isOut(entry, publisher)));
    const done = entries.filter((_, i) => ends[i] === true);
    await Promise.all(done.map((entry) => schedule.published(entry)));
    gone += done.length;
    // What failed for the time being is due again at the next call.
    if (done.length < AT_ONCE) return gone;
  }
};

const isOut = async ({ record }: StoredEntry, publisher: Publisher): Promise<boolean> => {
  const failure = await failureOf(publisher, record);
  if (failure?.failureClass !== 'permanent') return failure === undefined;
  const now = new Date().toISOString();
  const letter = deadLetter(record, SCHEDULER, failure, { attempts: 1, firstFailure: now, lastFailure: now });
  return (await failureOf(publisher, letter)) === undefined;
};

const failureOf = async (publisher: Publisher, record: RawRecord): Promise<StreamError | undefined> => {
  try {
    await publisher.publishRaw([record]);
    return undefined;
  } catch (error) {
    return error instanceof StreamError ? error : new StreamError('UNEXPECTED', messageOf(error), { cause: error });
  }
};
