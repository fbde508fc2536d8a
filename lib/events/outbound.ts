import { type EventType, type KeyRule, topicOf } from '../catalog/index.ts';
import { PermanentError } from '../errors.ts';
import type { Codec } from './codec.ts';
import type { AnyEvent, EventOf } from './envelope.ts';
import { CONTENT_TYPE, HEADER, type Headers, type RawRecord } from './record.ts';

/** Headers beside those that come from the event. */
export interface EventHeaders {
  /** W3C Trace Context, of the request that caused the event. */
  readonly traceparent?: string | undefined;
}

/**
 * The record of an event: topic, key and schema from the catalog, and the headers every record has.
 *
 * @throws PermanentError INVALID_EVENT, UNKNOWN_EVENT_TYPE, SCHEMA_UNKNOWN; TransientError REGISTRY_UNAVAILABLE
 */
export const recordOf = async (
  codec: Codec,
  event: AnyEvent | EventOf,
  more: EventHeaders = {},
): Promise<RawRecord> => {
  const value = await codec.encode(event);
  const headers: (readonly [string, string | null | undefined])[] = [
    [HEADER.eventType, event.eventType],
    [HEADER.eventId, event.eventId],
    [HEADER.correlationId, event.correlationId ?? event.eventId],
    [HEADER.contentType, CONTENT_TYPE],
    [HEADER.traceparent, more.traceparent],
  ];
  return { topic: entryOf(event.eventType).name, key: keyOf(event), value, headers: headersOf(headers) };
};

const headersOf = (headers: readonly (readonly [string, string | null | undefined])[]): Headers =>
  headers.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, Buffer.from(value)] as const],
  );

const entryOf = (type: EventType) => {
  const entry = topicOf(type);
  if (entry === undefined)
    throw new PermanentError('UNKNOWN_EVENT_TYPE', `There is no event type ${JSON.stringify(type)}.`);
  return entry;
};

/** The record's key by the catalog's rule for the event type. */
export const keyOf = (event: AnyEvent | EventOf): Buffer => {
  const key = keyIn(event);
  if (key !== undefined) return Buffer.from(key);
  const rule = ruleOf(event.eventType);
  throw new PermanentError(
    'INVALID_EVENT',
    `A ${event.eventType} event needs ${rule.map((names) => names.join(' and ')).join(', or ')} for its key.`,
  );
};

/** The same as text, well-formed; undefined where the payload lacks what the rule asks for. */
export const keyIn = ({ eventType, payload }: AnyEvent | EventOf): string | undefined => {
  const fields = new Map<string, unknown>(Object.entries(payload));
  for (const names of ruleOf(eventType)) {
    const parts = names.map((name) => fields.get(name) ?? undefined);
    if (parts.every((part) => part !== undefined && part !== '')) return parts.join(':').toWellFormed();
  }
  return undefined;
};

const ruleOf = (eventType: EventType): KeyRule => entryOf(eventType).events[eventType] ?? [];
