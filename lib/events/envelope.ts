import type { EventType } from '../catalog/index.ts';
import type { EventPayloads } from './payloads.generated.ts';

/** An event as every service publishes and every consumer receives it. */
export interface EventOf<Type extends EventType = EventType> {
  /** UUID v7; the same id is the same event, however often it arrives. */
  readonly eventId: string;
  readonly eventType: Type;
  /** When it happened, ISO 8601, UTC. */
  readonly timestamp: string;
  /** The service that published it. */
  readonly source: string;
  /** Version of the event type, major.minor. */
  readonly version: string;
  /** Ties together everything that one request caused. */
  readonly correlationId: string | null;
  /** eventId of the event while handling which this one was made. */
  readonly causationId: string | null;
  readonly payload: EventPayloads[Type];
}

/** An event of any type; narrow it by `eventType`. */
export type AnyEvent = { [Type in EventType]: EventOf<Type> }[EventType];
