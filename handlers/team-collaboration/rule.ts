import type { EventTypeOn } from '../../lib/catalog/index.ts';
import type { FollowUp } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import type { EntryDetails } from './feed-state.ts';
import type { Seats, Team } from './team.ts';

export type TeamEventType = EventTypeOn<'team-collaboration'>;

/** What an event of a team comes to. */
export interface Outcome {
  /** The team afterwards. */
  readonly team: Team;
  /** What the feed says of it. */
  readonly entry: EntryDetails;
  /** What the audit log says, of a change of membership, role or share. */
  readonly audit?: { readonly resource: string; readonly before?: unknown; readonly after?: unknown };
  /** Who is told what. @param nameOf what a user is called */
  readonly told?: (nameOf: (userId: string) => string) => readonly FollowUp[];
}

/**
 * Decides an event.
 *
 * @param team undefined where there is no such team yet
 * @returns undefined when there is nothing to change
 * @throws PermanentError RULE_VIOLATED with the rule and who may do it, INVALID_EVENT for what makes no sense
 */
export type Rule<Type extends TeamEventType> = (
  event: EventOf<Type>,
  team: Team | undefined,
  seats: Seats,
) => Outcome | undefined;

/** A rule for a team that must be there. */
export const ofExisting =
  <Type extends TeamEventType>(
    rule: (event: EventOf<Type>, team: Team, seats: Seats) => Outcome | undefined,
  ): Rule<Type> =>
  (event, team, seats) => {
    if (team !== undefined) return rule(event, team, seats);
    throw new PermanentError(
      'RULE_VIOLATED',
      `There is no team ${event.payload.teamId}; it must be created before a ${event.eventType}.`,
    );
  };

/** When an event happened, milliseconds since 1970: what its deadlines are compared with, however late it arrives. */
export const timeOf = ({ timestamp }: EventOf): number => Date.parse(timestamp);

/** Who did it. */
export const actorOf = ({ payload }: EventOf<TeamEventType>): string =>
  'actorId' in payload ? payload.actorId : payload.userId;
