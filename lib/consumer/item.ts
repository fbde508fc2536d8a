import { PermanentError, StreamError } from '../errors.ts';
import { type EventOf, HEADER, headerText, type InboundRecord, positionEventId } from '../events/index.ts';
import type { Entry, PartitionLog, RecordIdentity } from '../idempotency/index.ts';
import { storeError } from '../stores/store-error.ts';

/**
 * What a record was found to hold.
 * - `event`: an event of a type that the consumer handles
 * - `invalid`: no such event; the error says why, and whether another try may help
 * - `record`: whatever it is; the consumer takes records as they are
 * - `ignored`: an event of a type that needs no handling; it was not decoded
 */
export type Read =
  | { readonly kind: 'event'; readonly event: EventOf }
  | { readonly kind: 'invalid'; readonly error: unknown }
  | { readonly kind: 'record' }
  | { readonly kind: 'ignored' };

/** A record of the batch with what the harness knows of it. */
export interface Item extends InboundRecord {
  readonly read: Read;
  readonly identity: RecordIdentity;
  readonly log: PartitionLog;
}

/** The event of an item, if it holds one. */
export const eventOfItem = ({ read }: Pick<Item, 'read'>): EventOf | undefined =>
  read.kind === 'event' ? read.event : undefined;

/** An item as its owner's bookkeeping knows it. @param name of a write to another owner's keys */
export const entryOf = ({ identity, log }: Pick<Item, 'identity' | 'log'>, name?: string): Entry =>
  name === undefined ? { identity, log } : { identity, log, name };

/** What follow-ups come from: an event, or a record that is none. */
export interface Cause {
  /** eventId, or what stands for it where the record holds no event. */
  readonly id: string;
  readonly correlationId: string;
}

/** What follow-ups of an item come from. */
export const causeOf = (item: Item): Cause => {
  const event = eventOfItem(item);
  const id = event?.eventId ?? positionEventId(item);
  const correlationId = event === undefined ? headerText(item.headers, HEADER.correlationId) : event.correlationId;
  return { id, correlationId: correlationId ?? id };
};

/**
 * - `processed`: took effect now
 * - `skipped`: had taken effect before, or was dead-lettered
 * - `dead-lettered`: went to the dead-letter queue now
 * - `failed`: a transient failure
 * - `not-attempted`: must wait for one that failed
 */
export type Result = 'processed' | 'skipped' | 'dead-lettered' | 'failed' | 'not-attempted';

/** Results after which a record must be delivered again. */
export const isUnfinished = (result: Result): boolean => result === 'failed' || result === 'not-attempted';

/**
 * Whatever was thrown as one of our errors: of what we do not know, another try may succeed. Not so of a RangeError: a value
 * outside of its range, or too deep, is just that each time.
 */
export const asStreamError = (error: unknown): StreamError =>
  error instanceof StreamError ? error : (storeError(error) ?? unexpected(error));

const unexpected = (error: unknown): StreamError => {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const options = { next: 'See the function’s log', cause: error };
  return error instanceof RangeError
    ? new PermanentError('UNEXPECTED', said, options)
    : new StreamError('UNEXPECTED', said, options);
};

/** The failure of a record whose type the topic's function does not handle. */
export const unknownType = (topic: string, type: string): PermanentError =>
  new PermanentError('UNKNOWN_EVENT_TYPE', `Events of type ${type} are not processed on ${topic}.`, {
    next: 'Publish it to the topic its type belongs to',
  });
