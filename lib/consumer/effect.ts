import type { EventType, EventTypeOn, TopicName } from '../catalog/index.ts';
import type { PermanentError } from '../errors.ts';
import type { EventInputs, EventOf, InboundRecord, RawRecord } from '../events/index.ts';
import type { RedisCommand } from '../stores/marks.ts';
import type { Update } from '../stores/updates.ts';
import type { BatchContext, HandlerContext } from './context.ts';

/**
 * An event to publish because of the handled one. Its id derives from the cause, its type and `name`, so that a cause
 * that is delivered again publishes the same event again and consumers recognise it.
 */
export type FollowUp = {
  [Type in EventType]: {
    readonly type: Type;
    readonly payload: EventInputs[Type];
    /** Tells follow-ups of one type apart; their place in the list when absent. */
    readonly name?: string;
    /** Its id, where several causes may ask for the very same event; derived from the cause when absent. */
    readonly id?: string;
  };
}[EventType];

/** Something that is to be published later. */
export type Later = {
  /** Names it among everything scheduled: the same key replaces what was scheduled before. */
  readonly key: string;
  /** When, ISO 8601, UTC; what lies in the past is published at once. */
  readonly at: string;
} & ({ readonly event: FollowUp } | { readonly record: RawRecord });

/** What handling a record comes to. The harness does it, in this order; whatever fails, the record is handled again. */
export interface Effect {
  /** Published and acknowledged first: at least once, with ids that repeat. */
  readonly events?: readonly FollowUp[];
  /** Keys of {@link Later} that are not to be published any more. */
  readonly cancel?: readonly string[];
  /** Published when it is due: at least once, with ids that repeat. */
  readonly later?: readonly Later[];
  /** Appended to `updates:<userId>`: at least once, with ids by which a reader drops repeats. */
  readonly updates?: readonly (Omit<Update, 'id'> & {
    /** Where several causes may ask for the very same update; derived from the cause when absent. */
    readonly id?: string;
  })[];
  /**
   * Writes on keys of other owners than the record's key. Each list is applied in one script with a mark of its own:
   * exactly once, but not in the same moment as `writes`.
   */
  readonly elsewhere?: readonly {
    /** Whose keys these are: their hash tag must be {@link hashTag} of it. */
    readonly owner: string;
    readonly writes: readonly RedisCommand[];
  }[];
  /**
   * Applied in one script with the mark "done": exactly once, however often the record is delivered. In a cluster their
   * keys must carry {@link HandlerContext.tag}.
   */
  readonly writes?: readonly RedisCommand[];
  /** Set when the record is to go to the dead-letter queue in the end; `elsewhere` and `writes` are then not applied. */
  readonly reject?: PermanentError;
}

/**
 * Works one event. It throws a PermanentError for what can never succeed; anything else that is thrown counts as transient:
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
 * Works the events of one partition of a batch together, in their order: all of them take effect, or it throws and all are
 * delivered again, perhaps together with others. What it has done by then it must recognise by itself.
 */
export type PartitionHandler = (events: readonly Delivered[], context: PartitionContext) => Promise<void>;

/** What a {@link PartitionHandler} gets beside its events. */
export interface PartitionContext extends BatchContext {
  readonly partition: number;
}

/** Stands for a handler where events of a type need none: their records are passed over by their event-type header, undecoded. */
export const passOver = (): undefined => undefined;
