import { PermanentError, StreamError } from '../errors.ts';
import { type EventOf, HEADER, headerText, type InboundRecord, positionOf } from '../events/index.ts';
import { hashTag, markKey } from '../stores/marks.ts';
import type { Cause } from './effects.ts';

/**
 * What a record was found to hold: an event, or why there is none; `record` where a consumer takes records as they are,
 * `passed` where nobody wants to know.
 */
export type Read = { readonly event: EventOf } | { readonly error: unknown } | 'record' | 'passed';

/** A record of the batch with what the harness has found out about it. */
export interface Item extends InboundRecord {
  readonly read: Read;
  /** Hash tag of its key; of its place where it has none. */
  readonly tag: string;
  /** Mark that it has taken effect. Undefined where it is not known what that would be. */
  readonly doneMark: string | undefined;
  /** Mark that this very record is in the dead-letter queue: put back from there, it is another record. */
  readonly deadMark: string;
}

/** @param group the consumer group whose marks count */
export const itemOf = (record: InboundRecord, read: Read, group: string): Item => {
  const { topic, partition, key } = record;
  const tag = hashTag(key === null || key.length === 0 ? `${topic}/${partition}` : key.toString('utf8'));
  const done = typeof read === 'object' ? ('event' in read ? read.event.eventId : undefined) : positionOf(record);
  return {
    ...record,
    read,
    tag,
    doneMark: done === undefined ? undefined : markKey(tag, group, done),
    deadMark: markKey(tag, group, `dead/${positionOf(record)}`),
  };
};

/** What follow-ups of an item come from. */
export const causeOf = (item: Item): Cause => {
  const id = typeof item.read === 'object' && 'event' in item.read ? item.read.event.eventId : positionOf(item);
  const correlationId =
    typeof item.read === 'object' && 'event' in item.read
      ? item.read.event.correlationId
      : headerText(item.headers, HEADER.correlationId);
  return { id, correlationId: correlationId ?? id };
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
