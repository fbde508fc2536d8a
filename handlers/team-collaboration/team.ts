import type { Role } from './roles.ts';

export interface Member {
  readonly role: Role;
  /** When they joined, milliseconds since 1970. */
  readonly since: number;
}

export interface Invitation {
  readonly role: Role;
  /** Digest of the address it went to, by which another one to the same is recognised; gone once it is over. */
  readonly address?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** When somebody joined with it, milliseconds since 1970. */
  readonly usedAt?: number;
}

/** A team as its rules see it. It is never changed: a rule makes another one. */
export interface Team {
  readonly teamId: string;
  readonly name: string;
  /** By user. */
  readonly members: ReadonlyMap<string, Member>;
  /** By invitation, those used and expired not long ago among them. */
  readonly invitations: ReadonlyMap<string, Invitation>;
}

export const ownersOf = ({ members }: Team): string[] =>
  [...members].flatMap(([userId, { role }]) => (role === 'owner' ? [userId] : []));

/** How many seats a team with these owners has. */
export type Seats = (owners: readonly string[]) => number;

/** Invitations that somebody may still join with. @param now milliseconds since 1970 */
export const pendingIn = ({ invitations }: Team, now: number): number =>
  [...invitations.values()].filter(({ usedAt, expiresAt }) => usedAt === undefined && expiresAt > now).length;

export const withMember = (team: Team, userId: string, member: Member): Team => ({
  ...team,
  members: new Map([...team.members, [userId, member]]),
});

export const withoutMember = (team: Team, userId: string): Team => ({
  ...team,
  members: new Map([...team.members].filter(([one]) => one !== userId)),
});

/** Roles that an ownership passes to, in this order. */
const HEIRS = ['admin', 'editor'] as const;

/**
 * Who becomes owner of a team that has none: its longest-serving admin, else its longest-serving editor.
 *
 * @returns undefined when there is neither: then the team is dissolved
 */
export const successorIn = ({ members }: Team): string | undefined => {
  for (const role of HEIRS) {
    const [first] = [...members].filter(([, member]) => member.role === role).sort(bySeniority);
    if (first !== undefined) return first[0];
  }
  return undefined;
};

const bySeniority = ([a, { since: first }]: [string, Member], [b, { since: second }]: [string, Member]): number =>
  first - second || (a < b ? -1 : 1);

/**
 * The team with an owner, if anybody can be one. Only an erasure that runs beside another change can take away the last
 * owner; whoever reads the team then sees it as if the ownership had passed on.
 */
export const withOwner = (team: Team): Team => {
  if (ownersOf(team).length > 0) return team;
  const heir = successorIn(team);
  const member = heir === undefined ? undefined : team.members.get(heir);
  return heir === undefined || member === undefined ? team : withMember(team, heir, { ...member, role: 'owner' });
};
