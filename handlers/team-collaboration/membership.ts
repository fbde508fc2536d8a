import { notified } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import { knownRole, requireRight, whoMay } from './roles.ts';
import { ofExisting } from './rule.ts';
import { type Member, ownersOf, type Seats, type Team, withMember, withoutMember } from './team.ts';
import { othersIn, tell } from './telling.ts';

/** Removes a member, or lets one go who wants to leave. */
export const removed = ofExisting<'team.member.removed'>((event, team, seats) => {
  const { teamId, actorId, userId } = event.payload;
  const { role } = requireMember(team, userId);
  if (actorId !== userId) requireRight(team, actorId, role === 'owner' ? 'remove owners' : 'remove members');
  const after = withoutMember(team, userId);
  requireOwner(team, after, userId);
  requireSeatsKept(team, after, userId, seats);
  return {
    team: after,
    entry: { actor: actorId, subject: userId },
    audit: { resource: `team/${teamId}/member/${userId}`, before: { role }, after: null },
    told: (nameOf) =>
      // The team as it was: whoever was removed is told as well.
      tell(event, othersIn(team, event), 'in-app', (to) =>
        notified({ ...to, template: 'team-member-removed', data: { teamName: team.name, member: nameOf(userId) } }),
      ),
  };
});

/** Gives a member another role. */
export const roleChanged = ofExisting<'team.member.role_changed'>((event, team, seats) => {
  const { teamId, actorId, userId } = event.payload;
  const role = knownRole(event.payload.role);
  const member = requireMember(team, userId);
  requireRight(team, actorId, 'change roles');
  if (role === 'owner') requireRight(team, actorId, 'make owners');
  if (member.role === 'owner') requireRight(team, actorId, 'change the role of owners');
  if (member.role === role) return undefined;
  const after = withMember(team, userId, { ...member, role });
  requireOwner(team, after, userId);
  requireSeatsKept(team, after, userId, seats);
  return {
    team: after,
    entry: { actor: actorId, subject: userId, role },
    audit: { resource: `team/${teamId}/member/${userId}`, before: { role: member.role }, after: { role } },
    told: (nameOf) =>
      tell(event, othersIn(after, event), 'in-app', (to) =>
        notified({ ...to, template: 'team-role-changed', data: { teamName: team.name, member: nameOf(userId), role } }),
      ),
  };
});

const requireMember = (team: Team, userId: string): Member => {
  const member = team.members.get(userId);
  if (member !== undefined) return member;
  throw new PermanentError(
    'RULE_VIOLATED',
    `Team ${team.teamId}: user ${userId} is no member; ${whoMay('invite members')} may invite them.`,
  );
};

/** The last owner stays. */
const requireOwner = (before: Team, after: Team, userId: string): void => {
  if (ownersOf(after).length > 0) return;
  throw new PermanentError(
    'RULE_VIOLATED',
    `Team ${before.teamId}: user ${userId} is its last owner and can neither leave, be removed nor get another role before there is a second; ${whoMay('make owners')} may make one.`,
  );
};

/** An owner whose plan pays for the seats stays owner until another one's does. */
const requireSeatsKept = (before: Team, after: Team, userId: string, seats: Seats): void => {
  const [had, has] = [seats(ownersOf(before)), seats(ownersOf(after))];
  if (has >= had || after.members.size <= has) return;
  throw new PermanentError(
    'RULE_VIOLATED',
    `Team ${before.teamId}: its ${after.members.size} members need the plan of user ${userId}, the other owners’ plans have ${has} seats; an owner may take a larger plan, ${whoMay('remove members')} may remove members.`,
  );
};
