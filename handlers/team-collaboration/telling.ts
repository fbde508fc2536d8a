import type { Channel } from '../../lib/catalog/index.ts';
import type { FollowUp } from '../../lib/consumer/index.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { actorOf, type TeamEventType } from './rule.ts';
import type { Team } from './team.ts';

/** What every notification has beside its template and what fills it. */
export interface Addressing {
  readonly userId: string;
  readonly channel: Channel;
  readonly dedupeKey: string;
}

/** The members of a team except whoever did it: they know. */
export const othersIn = ({ members }: Team, event: EventOf<TeamEventType>): string[] => {
  const actor = actorOf(event);
  return [...members.keys()].filter((userId) => userId !== actor);
};

/** One notification for each of these users. */
export const tell = (
  event: EventOf<TeamEventType>,
  userIds: readonly string[],
  channel: Channel,
  filled: (to: Addressing) => FollowUp,
): FollowUp[] => userIds.map((userId) => filled({ userId, channel, dedupeKey: `team-collaboration/${event.eventId}` }));
