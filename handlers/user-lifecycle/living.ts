import type { EventTypeOn } from '../../lib/catalog/index.ts';
import type { Effect, EventHandler } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { recordUnder, type UserRecord } from './user-state.ts';

export type UserEventType = EventTypeOn<'user-lifecycle'>;

/** What an event comes to, given what is known of its user. @param tag hash tag of the user's keys */
export type LifeStep<Type extends UserEventType> = (
  event: EventOf<Type>,
  user: UserRecord,
  tag: string,
) => Effect | undefined;

/**
 * The handler of an event of a user. Events of a user come in order, one after the other (the topic is ordered by key), so
 * that what is read here is still so when it is written.
 *
 * @param afterDeletion what becomes of an event that happened after the user was deleted; an older one that only arrives
 *   late is dropped in any case
 * @throws PermanentError RULE_VIOLATED when it is refused
 */
export const ofUser =
  <Type extends UserEventType>(step: LifeStep<Type>, afterDeletion: 'dropped' | 'refused'): EventHandler<Type> =>
  async (event, { redis, tag }) => {
    const user = await recordUnder(redis, tag);
    const { deletedAt } = user;
    if (deletedAt === undefined) return step(event, user, tag);
    if (afterDeletion === 'refused' && Date.parse(event.timestamp) > Date.parse(deletedAt)) {
      throw new PermanentError(
        'RULE_VIOLATED',
        `User ${event.payload.userId} was deleted on ${deletedAt}; a ${event.eventType} of ${event.timestamp} cannot follow.`,
        { next: 'A person who comes back gets an account with an id of its own' },
      );
    }
    return undefined;
  };
