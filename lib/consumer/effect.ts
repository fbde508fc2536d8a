import type { EventType, EventTypeOn, TopicName } from '../catalog/index.ts';
import type { PermanentError } from '../errors.ts';
import type { EventInputs, EventOf } from '../events/index.ts';
import type { RedisCommand } from '../stores/marks.ts';
import type { Update } from '../stores/updates.ts';
import type { HandlerContext } from './context.ts';

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
  };
}[EventType];

/** What handling an event comes to. The harness does it, in this order; whatever fails, the record is handled again. */
export interface Effect {
  /** Published and acknowledged first: at least once, with ids that repeat. */
  readonly events?: readonly FollowUp[];
  /** Appended to `updates:<userId>`: at least once, with ids by which a reader drops repeats. */
  readonly updates?: readonly Omit<Update, 'id'>[];
  /**
   * Applied in one script with the mark "done": exactly once, however often the record is delivered. In a cluster their
   * keys must carry {@link HandlerContext.tag}.
   */
  readonly writes?: readonly RedisCommand[];
  /** Set when the record is to go to the dead-letter queue in the end; `writes` are then not applied. */
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
