import type { EventType } from '../catalog/index.ts';
import type { EventOf } from './envelope.ts';
import { newEventId } from './ids.ts';
import type { EventInputs } from './payloads.generated.ts';
import { checkedEvent } from './validation.ts';

/** What an event is made with beside its payload. */
export interface EventOrigin {
  /** The service that publishes it. */
  readonly source: string;
  /** Ties together everything that one request caused; the event's own id when absent. */
  readonly correlationId?: string | null | undefined;
  /** eventId of the event while handling which this one is made. */
  readonly causationId?: string | null;
  /** A fresh UUID v7 when absent. */
  readonly eventId?: string;
  /** When it happened, ISO 8601, UTC; now when absent. */
  readonly timestamp?: string;
}

/**
 * Makes an event; absent payload fields get the defaults of the schema.
 *
 * @throws PermanentError INVALID_EVENT when the payload does not fit the schema
 */
export const eventOf = <Type extends EventType>(
  eventType: Type,
  payload: EventInputs[Type],
  {
    source,
    correlationId,
    causationId = null,
    eventId = newEventId(),
    timestamp = new Date().toISOString(),
  }: EventOrigin,
): EventOf<Type> =>
  checkedEvent(eventType, {
    eventId,
    eventType,
    timestamp,
    source,
    correlationId: correlationId ?? eventId,
    causationId,
    payload,
  });
