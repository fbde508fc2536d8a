import { derivedEventId, type EventHeaders, type EventOf, eventOf, recordOf } from '../events/index.ts';
import { appendUpdate } from '../stores/updates.ts';
import type { Connections } from './connections.ts';
import type { Effect, FollowUp, Later } from './effect.ts';

/** What a follow-up comes from: an event, or a record that is none. */
export interface Cause {
  /** eventId, or the position of the record. */
  readonly id: string;
  readonly correlationId: string;
}

/**
 * Makes the event of a follow-up: its id derives from the cause's, unless it brings its own, and names it as its cause.
 *
 * @param place tells it from the cause's other follow-ups of its type when it has no name
 * @param source who publishes it
 * @param timestamp when it happens, ISO 8601; now when absent
 */
export const followUpEvent = (
  cause: Cause,
  { type, payload, name, id }: FollowUp,
  place: number | string,
  source: string,
  timestamp?: string,
): EventOf =>
  eventOf(type, payload, {
    source,
    eventId: id ?? derivedEventId(cause.id, `${type}/${name ?? place}`),
    correlationId: cause.correlationId,
    causationId: cause.id,
    ...(timestamp === undefined ? {} : { timestamp }),
  });

/**
 * Publishes the follow-ups of a record, keeps what is to be published later, then appends its updates.
 *
 * @throws what the publisher and the stores' clients throw: then it is to be done again, with the same ids
 */
export const announce = async (
  { publisher, redis, schedule }: Connections,
  cause: Cause,
  { events = [], cancel = [], later = [], updates = [] }: Effect,
  source: string,
  headers: EventHeaders,
): Promise<void> => {
  const { codec } = publisher;
  if (events.length > 0) {
    const made = events.map((followUp, i) => followUpEvent(cause, followUp, i, source));
    await publisher.publishRaw(await Promise.all(made.map((event) => recordOf(codec, event, headers))));
  }
  if (cancel.length > 0) await schedule.cancel(cancel);
  if (later.length > 0) {
    const scheduled = async (one: Later) => ({
      key: one.key,
      dueAt: Date.parse(one.at),
      record:
        'record' in one
          ? one.record
          : await recordOf(codec, followUpEvent(cause, one.event, one.key, source, one.at), headers),
    });
    await schedule.put(await Promise.all(later.map(scheduled)));
  }
  // Sent together and in their order: an effect may have something to say to a thousand users.
  await Promise.all(
    updates.map((update, i) =>
      appendUpdate(redis, { id: derivedEventId(cause.id, `update/${update.type}/${i}`), ...update }),
    ),
  );
};
