import { derivedEventId, type EventHeaders, type EventOf, eventOf, recordOf } from '../events/index.ts';
import { appendUpdate } from '../stores/updates.ts';
import type { Connections } from './connections.ts';
import type { Effect, FollowUp, Scheduled } from './effect.ts';
import type { Cause } from './item.ts';

/**
 * Makes the event of a follow-up: its id derives from the cause's, unless it brings its own, and names it as its cause.
 *
 * @param source who publishes it
 * @param timestamp when it happens, ISO 8601; now when absent
 */
const followUpEvent = (
  cause: Cause,
  { type, payload, name, id }: FollowUp,
  source: string,
  timestamp?: string,
): EventOf =>
  eventOf(type, payload, {
    source,
    eventId: id ?? derivedEventId(cause.id, `${type}/${name}`),
    correlationId: cause.correlationId,
    causationId: cause.id,
    ...(timestamp === undefined ? {} : { timestamp }),
  });

/**
 * Publishes the follow-ups of a record, keeps what is to be published later, then appends its updates.
 *
 * @throws what the publisher and the stores' clients throw: then it is to be done again, with the same ids
 */
export const publishEffects = async (
  { publisher, redis, schedule: scheduler }: Connections,
  cause: Cause,
  { events = [], unschedule = [], schedule = [], updates = [] }: Effect,
  source: string,
  headers: EventHeaders,
): Promise<void> => {
  const { codec } = publisher;
  if (events.length > 0) {
    const made = events.map((followUp) => followUpEvent(cause, followUp, source));
    await publisher.publishRaw(await Promise.all(made.map((event) => recordOf(codec, event, headers))));
  }
  if (unschedule.length > 0) await scheduler.cancel(unschedule);
  if (schedule.length > 0) {
    const entryOf = async (one: Scheduled) => ({
      key: one.key,
      dueAt: Date.parse(one.at),
      record:
        'record' in one
          ? one.record
          : await recordOf(codec, followUpEvent(cause, { ...one.event, name: one.key }, source, one.at), headers),
    });
    await scheduler.put(await Promise.all(schedule.map(entryOf)));
  }
  // Sent together and in their order: an effect may have something to say to a thousand users.
  const sameBefore = new Map<string, number>();
  await Promise.all(
    updates.map((update) => {
      const name = `update/${update.type}/${update.userId}`;
      const number = sameBefore.get(name) ?? 0;
      sameBefore.set(name, number + 1);
      return appendUpdate(redis, { id: derivedEventId(cause.id, `${name}/${number}`), ...update });
    }),
  );
};
