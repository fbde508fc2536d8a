import { hashTag } from '../../lib/stores/hash-tag.ts';

/** Keys of a team; one hash tag, so that a script may use them all. */
export const teamKeys = (teamId: string) => {
  const root = `team:${hashTag(teamId)}`;
  return {
    /** Hash: name, number of feed entries there ever were; of a dissolved team when that was. */
    team: root,
    /** Sorted set: users by the time they joined. */
    members: `${root}:members`,
    /** Sorted set: users by the rank of their role. */
    roles: `${root}:roles`,
    /** Hash: invitations as JSON. */
    invitations: `${root}:invitations`,
    /** Hash: entries by number, as JSON. */
    feed: `${root}:feed`,
    /** Hash: how many entries each member has seen. */
    seen: `${root}:seen`,
  };
};

/** Set: teams in whose state or feed a user is named. Hash tag and owner: the user. */
export const teamsOfKey = (userId: string): string => `teams-of:${hashTag(userId)}`;

/** There while a user of this id is known to be erased. */
export const erasedKey = (userId: string): string => `teams-erased:${hashTag(userId)}`;
