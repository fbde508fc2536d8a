import type { Logger } from '@aws-lambda-powertools/logger';
import type { EventType, EventTypeOn, TopicName } from '../catalog/index.ts';
import type { PermanentError } from '../errors.ts';
import type { EventInputs, EventOf, InboundRecord, RawRecord } from '../events/index.ts';
import type { ObjectStore } from '../stores/objects.ts';
import type { Redis } from '../stores/redis.ts';
import type { Update } from '../stores/updates.ts';
import type { RedisCommand } from '../stores/writes.ts';

/** What a handler of several events gets beside them. */
export interface BatchContext {
  readonly redis: Redis;
  readonly objects: ObjectStore;
  /** Structured logs that carry the record's ids. Nothing at info for each record, never payload data of persons. */
  readonly logger: Logger;
  /** Milliseconds until the harness gives the record up, so that there is time to report it. */
  readonly remainingMs: () => number;
  /** Aborted at that time. */
  readonly signal: AbortSignal;
}

/** What a handler gets beside its event. */
export interface HandlerContext extends BatchContext {
  /** `{…}`: hash tag of the record's key, for the keys of {@link Effect.writes}. */
  readonly tag: string;
}

/**
 * An event to publish because of the handled one. Its id derives from the cause, its type and `name`, so that a cause
 * that is delivered again publishes the same event again and consumers recognise it.
 */
export type FollowUp = {
  [Type in EventType]: {
    readonly type: Type;
    readonly payload: EventInputs[Type];
    /** Tells the cause's follow-ups of one type apart, in whatever order they are listed. */
    readonly name: string;
    /** Its id, where several causes may ask for the very same event; derived from the cause when absent. */
    readonly id?: string;
  };
}[EventType];

/** An event that is to be published later; what it is scheduled as is its name. */
type ScheduledEvent = { [Type in EventType]: { readonly type: Type; readonly payload: EventInputs[Type] } }[EventType];

/** Something that is to be published later. */
export type Scheduled = {
  /** Names it among everything scheduled: the same key replaces what was scheduled before. */
  readonly key: string;
  /** When, ISO 8601, UTC; what lies in the past is published at once. */
  readonly at: string;
} & ({ readonly event: ScheduledEvent } | { readonly record: RawRecord });

/** Writes on keys of another owner than the record's key. */
export interface CrossKeyWrites {
  /**
   * Tells the record's writes to one owner apart, in whatever order they are listed. It is kept with the owner: a constant
   * word, never made of ids.
   */
  readonly name: string;
  /** Whose keys these are: their hash tag must be that of it. */
  readonly owner: string;
  readonly writes: readonly RedisCommand[];
}

/** What handling a record comes to. The harness does it, in this order; whatever fails, the record is handled again. */
export interface Effect {
  /** Published and acknowledged first: at least once, with ids that repeat. */
  readonly events?: readonly FollowUp[];
  /** Keys of {@link Scheduled} that are not to be published any more. */
  readonly unschedule?: readonly string[];
  /** Published when it is due: at least once, with ids that repeat. */
  readonly schedule?: readonly Scheduled[];
  /** Appended to `updates:<userId>`: at least once, with ids by which a reader drops repeats. */
  readonly updates?: readonly (Omit<Update, 'id'> & {
    /** Where several causes may ask for the very same update; derived from the cause when absent. */
    readonly id?: string;
  })[];
  /** Each is applied in one script with its own bookkeeping: exactly once, but not in the same moment as `writes`. */
  readonly crossKeyWrites?: readonly CrossKeyWrites[];
  /**
   * Applied in one script with the bookkeeping of the record: exactly once, however often the record is delivered. In a
   * cluster their keys must carry {@link HandlerContext.tag}.
   */
  readonly writes?: readonly RedisCommand[];
  /** Set when the record is to go to the dead-letter queue in the end; `crossKeyWrites` and `writes` are then not applied. */
  readonly reject?: PermanentError;
}

/**
 * Handles one event. It throws a PermanentError for what can never succeed; anything else that is thrown counts as transient:
 * the record, and what follows it in its partition, is delivered again.
 */
export type EventHandler<Type extends EventType> = (
  event: EventOf<Type>,
  context: HandlerContext,
) => Promise<Effect | undefined> | Effect | undefined;

/** A handler for each of these event types. */
export type HandlersOf<Types extends EventType> = { readonly [Type in Types]: EventHandler<Type> };

/** A handler for each event type of a topic. */
export type Handlers<Name extends TopicName> = HandlersOf<EventTypeOn<Name> & EventType>;

/** A handler for every record of a topic, whatever it holds. */
export type RecordHandler = (
  record: InboundRecord,
  context: HandlerContext,
) => Promise<Effect | undefined> | Effect | undefined;

/** An event together with the record it lies in. */
export interface Delivered<Record extends InboundRecord = InboundRecord> {
  readonly event: EventOf;
  readonly record: Record;
}

/**
 * Handles the events of one partition of a batch together, in their order: all of them take effect, or it throws and all are
 * delivered again, perhaps together with others. What it has done by then it must recognise by itself.
 */
export type PartitionHandler = (events: readonly Delivered[], context: PartitionContext) => Promise<void>;

/** What a {@link PartitionHandler} gets beside its events. */
export interface PartitionContext extends BatchContext {
  readonly partition: number;
}

/** Stands for a handler where events of a type need none: their records are ignored by their event-type header, undecoded. */
export const ignore = (): undefined => undefined;
