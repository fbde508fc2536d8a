import { PermanentError, StreamError } from '../errors.ts';
import { type EventOf, type InboundRecord, positionOf } from '../events/index.ts';
import { hashTag, markKey } from '../stores/marks.ts';

/** A record of the batch with what the harness has found out about it. */
export interface Item extends InboundRecord {
  /** Its event, or why there is none. */
  readonly read: { readonly event: EventOf } | { readonly error: unknown };
  /** Hash tag of its key; of its place where it has none. */
  readonly tag: string;
  /** Mark that its event has taken effect. Undefined without an event. */
  readonly doneMark: string | undefined;
  /** Mark that this very record is in the dead-letter queue: put back from there, it is another record. */
  readonly deadMark: string;
}

/** @param group the consumer group whose marks count */
export const itemOf = (record: InboundRecord, read: Item['read'], group: string): Item => {
  const { topic, partition, key } = record;
  const tag = hashTag(key === null || key.length === 0 ? `${topic}/${partition}` : key.toString('latin1'));
  return {
    ...record,
    read,
    tag,
    doneMark: 'event' in read ? markKey(tag, group, read.event.eventId) : undefined,
    deadMark: markKey(tag, group, positionOf(record)),
  };
};

/**
 * - `done`: took effect now
 * - `skipped`: had taken effect before
 * - `dead`: is in the dead-letter queue
 * - `failed`: a transient failure
 * - `held`: not tried, because it must wait for one that failed
 */
export type Result = 'done' | 'skipped' | 'dead' | 'failed' | 'held';

/** Results after which a record must be delivered again. */
export const isUnfinished = (result: Result): boolean => result === 'failed' || result === 'held';

/** Whatever was thrown as one of our errors: of what we do not know, another try may succeed. */
export const asStreamError = (error: unknown): StreamError =>
  error instanceof StreamError
    ? error
    : new StreamError('UNEXPECTED', error instanceof Error ? `${error.name}: ${error.message}` : String(error), {
        next: 'See the function’s log',
        cause: error,
      });

/** The failure of a record whose type the topic's functions do not know. */
export const strangeType = (topic: string, type: string): PermanentError =>
  new PermanentError('UNKNOWN_EVENT_TYPE', `Events of type ${type} are not worked on ${topic}.`, {
    next: 'Publish it to the topic its type belongs to',
  });
