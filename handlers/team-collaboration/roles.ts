import { PermanentError } from '../../lib/errors.ts';
import { shortened } from './limits.ts';
import type { Team } from './team.ts';

/** What a member may be, the least first. */
export const ROLES = ['viewer', 'editor', 'admin', 'owner'] as const;

export type Role = (typeof ROLES)[number];

/** Who may do what. Every member may leave, except the last owner. */
export const RIGHTS = {
  comment: ['owner', 'admin', 'editor', 'viewer'],
  'share something with the team': ['owner', 'admin', 'editor'],
  'invite members': ['owner', 'admin'],
  'remove members': ['owner', 'admin'],
  'change roles': ['owner', 'admin'],
  'invite owners': ['owner'],
  'remove owners': ['owner'],
  'make owners': ['owner'],
  'change the role of owners': ['owner'],
} as const satisfies Record<string, readonly Role[]>;

export type Right = keyof typeof RIGHTS;

const either = new Intl.ListFormat('en', { type: 'disjunction' });

/** Who has a right, for a reason: `an owner or admin`. */
export const whoMay = (right: Right): string => `an ${either.format(RIGHTS[right])}`;

/**
 * @throws PermanentError INVALID_EVENT, naming the roles there are
 */
export const knownRole = (name: string): Role => {
  const role = ROLES.find((one) => one === name);
  if (role !== undefined) return role;
  throw new PermanentError(
    'INVALID_EVENT',
    `There is no role ${JSON.stringify(shortened(name, 40))}; the roles are ${ROLES.join(', ')}.`,
  );
};

/**
 * @throws PermanentError RULE_VIOLATED when the actor is no member or has no such right, with who has it
 */
export const requireRight = (team: Team, actorId: string, right: Right): void => {
  const role = team.members.get(actorId)?.role;
  const holders: readonly Role[] = RIGHTS[right];
  if (role !== undefined && holders.includes(role)) return;
  const is = role === undefined ? 'is no member' : `is ${role}`;
  throw new PermanentError(
    'RULE_VIOLATED',
    `Team ${team.teamId}: user ${actorId} ${is} and may not ${right}; ${whoMay(right)} may.`,
  );
};
