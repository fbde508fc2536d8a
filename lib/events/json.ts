import { type EventType, topic as entryOf, eventTypesOf, isTopicName, topicOf } from '../catalog/index.ts';
import { messageOf, PermanentError } from '../errors.ts';
import type { EventOf } from './envelope.ts';
import { newEventId } from './ids.ts';
import { checkedEvent } from './validation.ts';

/** What fills an envelope that JSON left open. */
export interface EnvelopeDefaults {
  /** Type of a bare payload; the topic's first event type when absent. */
  readonly eventType?: string | undefined;
  readonly eventId?: string;
  /** ISO 8601, UTC; now when absent. Asked only where the JSON does not say. */
  readonly timestamp?: () => string;
  readonly source?: string;
  readonly correlationId?: string | undefined;
}

/** A value with one of these is a whole event; anything else is a bare payload. */
const ENVELOPE_FIELDS = ['eventId', 'eventType', 'payload'];

/**
 * Reads JSON of an event, or of a bare payload, and checks it against the schema of its type.
 *
 * @param topic the topic it lies on or is meant for
 * @param text JSON
 * @param defaults what the envelope gets where the JSON does not say
 * @throws PermanentError UNDECODABLE when it is no JSON object, UNKNOWN_EVENT_TYPE, INVALID_EVENT with the first fault
 */
export const eventFromJson = (topic: string, text: string, defaults: EnvelopeDefaults = {}): EventOf => {
  const value = objectIn(text);
  const isEvent = ENVELOPE_FIELDS.some((field) => Object.hasOwn(value, field));
  const given = isEvent ? withoutNulls(value) : { payload: value };
  const type = typeOf(topic, given.eventType ?? defaults.eventType);
  return checkedEvent(type, {
    eventId: defaults.eventId ?? newEventId(),
    source: defaults.source ?? 'json',
    correlationId: defaults.correlationId ?? null,
    ...given,
    timestamp: given.timestamp ?? defaults.timestamp?.() ?? new Date().toISOString(),
    eventType: type,
  });
};

const objectIn = (text: string): Record<string, unknown> => {
  let value: unknown;
  try {
    value = wellFormed(text, JSON.parse(text));
  } catch (error) {
    throw new PermanentError('UNDECODABLE', `It is not valid JSON: ${messageOf(error)}.`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PermanentError('UNDECODABLE', 'It must be a JSON object: an event, or the payload of one.');
  }
  return { ...value };
};

/** JSON may spell half of a surrogate pair, as `\\ud83d`, which no store and no Avro takes (RFC 8259, section 8.2). */
const LONE = /\\u[dD][89a-fA-F]/;

/** The same value with U+FFFD in place of each lone surrogate, as every UTF-8 encoder writes it. */
const wellFormed = (text: string, value: unknown): unknown => (LONE.test(text) ? repaired(value) : value);

const repaired = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(repaired);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name.toWellFormed(), repaired(field)]));
};

/** In JSON a null often says "not given". */
const withoutNulls = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));

const typeOf = (topic: string, given: unknown): EventType => {
  const own = isTopicName(topic) ? eventTypesOf(entryOf(topic)) : [];
  if (given === undefined) {
    const [first] = own;
    if (first !== undefined) return first;
    throw new PermanentError('UNKNOWN_EVENT_TYPE', `The topic ${topic} has no event types.`);
  }
  const type = own.find((candidate) => candidate === given);
  if (type !== undefined) return type;
  const elsewhere = typeof given === 'string' ? topicOf(given) : undefined;
  const fault =
    elsewhere === undefined
      ? `There is no event type ${JSON.stringify(given)}`
      : `The event type ${given} belongs on ${elsewhere.name}`;
  throw new PermanentError('UNKNOWN_EVENT_TYPE', `${fault}.`, {
    next: own.length === 0 ? `The topic ${topic} has none` : `The topic ${topic} has ${own.join(', ')}`,
  });
};
