import { derivedEventId, type EventHeaders, type EventOf, eventOf, type Publisher, recordOf } from '../events/index.ts';
import type { Redis } from '../stores/redis.ts';
import { appendUpdate } from '../stores/updates.ts';
import type { Effect, FollowUp } from './effect.ts';

/**
 * Makes the event of a follow-up: its id derives from the cause's, which it names as its cause.
 *
 * @param index its place among the cause's follow-ups
 * @param source who publishes it
 */
export const followUpEvent = (
  cause: EventOf,
  { type, payload, name }: FollowUp,
  index: number,
  source: string,
): EventOf =>
  eventOf(type, payload, {
    source,
    eventId: derivedEventId(cause.eventId, `${type}/${name ?? index}`),
    correlationId: cause.correlationId ?? cause.eventId,
    causationId: cause.eventId,
  });

/**
 * Publishes the follow-ups of an event, then appends its updates.
 *
 * @throws what the publisher and the Redis client throw: then it is to be done again, with the same ids
 */
export const announce = async (
  { publisher, redis }: { readonly publisher: Publisher; readonly redis: Redis },
  cause: EventOf,
  { events = [], updates = [] }: Effect,
  source: string,
  headers: EventHeaders,
): Promise<void> => {
  if (events.length > 0) {
    const made = events.map((followUp, i) => followUpEvent(cause, followUp, i, source));
    await publisher.publishRaw(await Promise.all(made.map((event) => recordOf(publisher.codec, event, headers))));
  }
  for (const [i, update] of updates.entries()) {
    await appendUpdate(redis, { ...update, id: derivedEventId(cause.eventId, `update/${update.type}/${i}`) });
  }
};
