import { derivedEventId, type EventOf, type Publisher, recordOf } from '../events/index.ts';
import type { Redis } from '../stores/redis.ts';

/** An event that is published again and again. */
export interface Periodic {
  readonly name: string;
  /** Milliseconds from one to the next; periods count from 1970, so a day begins at midnight UTC. */
  readonly everyMs: number;
  /** The event of a period. @param start when the period began, ISO 8601 */
  readonly event: (start: string, origin: { readonly eventId: string; readonly timestamp: string }) => EventOf;
}

const keyOf = ({ name }: Periodic): string => `schedule:{due}:period:${name}`;

/**
 * Publishes the event of each period that has begun since the last call. After a pause only the newest period counts. The
 * event's id is fixed by name and period, so that two schedulers, or one that dies in between, publish the same event.
 *
 * @param now milliseconds since 1970
 */
export const publishPeriodic = async (
  periodic: readonly Periodic[],
  redis: Redis,
  publisher: Publisher,
  now: number,
): Promise<void> => {
  await Promise.all(
    periodic.map(async (each) => {
      const { name, everyMs, event } = each;
      const start = Math.floor(now / everyMs) * everyMs;
      if (Number((await redis.get(keyOf(each))) ?? 0) >= start) return;
      const timestamp = new Date(start).toISOString();
      const made = event(timestamp, { eventId: derivedEventId(`${name}@${timestamp}`, 'period'), timestamp });
      await publisher.publishRaw([await recordOf(publisher.codec, made)]);
      await redis.set(keyOf(each), start);
    }),
  );
};
