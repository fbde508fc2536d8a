import { createHash } from 'node:crypto';
import { notified } from '../../lib/consumer/index.ts';
import { emailAddress } from '../../lib/email.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { LIMITS } from './limits.ts';
import { knownRole, requireRight, whoMay } from './roles.ts';
import { ofExisting, timeOf } from './rule.ts';
import { type Invitation, ownersOf, pendingIn, type Seats, type Team, withMember } from './team.ts';
import { othersIn, tell } from './telling.ts';

/**
 * Invites an address, whose letter goes out at once. Until it is used or expires the invitation holds a seat; another one
 * to the same address takes its place.
 */
export const invited = ofExisting<'team.member.invited'>((event, team, seats) => {
  const { teamId, actorId, invitationId } = event.payload;
  const role = knownRole(event.payload.role);
  requireRight(team, actorId, role === 'owner' ? 'invite owners' : 'invite members');
  const email = requireAddress(event);
  if (team.invitations.has(invitationId)) {
    throw new PermanentError(
      'RULE_VIOLATED',
      `Team ${teamId}: invitation ${invitationId} exists already; ${whoMay('invite members')} may send one with another id.`,
    );
  }
  const now = timeOf(event);
  const address = digestOf(teamId, email);
  const invitations = new Map(remembered(team, now).filter(([, other]) => other.address !== address));
  requireSeat(team, pendingIn({ ...team, invitations }, now), seats);
  invitations.set(invitationId, { role, address, expiresAt: now + LIMITS.invitationMs });
  return {
    team: { ...team, invitations },
    entry: { actor: actorId, invitationId, role },
    audit: { resource: `team/${teamId}/invitation/${invitationId}`, after: { role } },
    told: (nameOf) => [
      notified({
        userId: `guest:${invitationId}`,
        to: email,
        channel: 'email',
        template: 'invitation',
        data: { teamName: team.name, inviter: nameOf(actorId), role, invitationId },
        dedupeKey: `team-collaboration/${invitationId}`,
      }),
    ],
  };
});

/** Takes somebody in with an invitation, in the role it names; it is used up by that. */
export const joined = ofExisting<'team.member.joined'>((event, team, seats) => {
  const { teamId, userId } = event.payload;
  if (team.members.has(userId)) {
    throw new PermanentError(
      'RULE_VIOLATED',
      `Team ${teamId}: user ${userId} is a member already, and nobody joins twice; ${whoMay('change roles')} may give them another role.`,
    );
  }
  const [invitationId, { role, expiresAt }] = requireInvitation(event, team);
  requireSeat(team, 0, seats);
  const now = timeOf(event);
  const after = withMember(team, userId, { role, since: now });
  const invitations = new Map([...team.invitations, [invitationId, { role, expiresAt, usedAt: now }]]);
  return {
    team: { ...after, invitations },
    entry: { actor: userId, role },
    audit: { resource: `team/${teamId}/member/${userId}`, after: { role } },
    told: (nameOf) =>
      tell(event, othersIn(after, event), 'in-app', (to) =>
        notified({
          ...to,
          template: 'team-member-joined',
          data: { teamName: team.name, member: nameOf(userId), role },
        }),
      ),
  };
});

const requireAddress = ({ payload: { teamId, invitationId, email } }: EventOf<'team.member.invited'>): string => {
  const address = emailAddress(email);
  if (address !== undefined) return address;
  // Without the text itself: it may be somebody's address all the same.
  throw new PermanentError('INVALID_EVENT', `Team ${teamId}: invitation ${invitationId} goes to no e-mail address.`);
};

const digestOf = (teamId: string, email: string): string =>
  createHash('sha256').update(`${teamId}\0${email}`).digest('base64url');

const requireInvitation = (
  { payload: { teamId, userId, invitationId }, timestamp }: EventOf<'team.member.joined'>,
  team: Team,
): [id: string, Invitation] => {
  const refused = (why: string): PermanentError =>
    new PermanentError(
      'RULE_VIOLATED',
      `Team ${teamId}: user ${userId} cannot join: ${why}; ${whoMay('invite members')} may invite them.`,
    );
  if (invitationId === null) throw refused('nobody joins without an invitation');
  const invitation = team.invitations.get(invitationId);
  if (invitation === undefined) throw refused(`there is no invitation ${invitationId}`);
  const { usedAt, expiresAt } = invitation;
  if (usedAt !== undefined) {
    throw refused(
      `invitation ${invitationId} was used on ${new Date(usedAt).toISOString()} and is good for one person`,
    );
  }
  if (expiresAt <= Date.parse(timestamp)) {
    throw refused(`invitation ${invitationId} expired on ${new Date(expiresAt).toISOString()}`);
  }
  return [invitationId, invitation];
};

/** @param pending open invitations, each of which holds a seat */
const requireSeat = (team: Team, pending: number, seats: Seats): void => {
  const limit = seats(ownersOf(team));
  const { teamId, members } = team;
  if (members.size + pending < limit) return;
  throw new PermanentError(
    'RULE_VIOLATED',
    `Team ${teamId} has no seat left (${members.size} taken by members, ${pending} by open invitations, ${limit} in its owners’ plan); an owner may take a larger plan, ${whoMay('remove members')} may remove members.`,
  );
};

/** Invitations as far as they are still spoken of: what is long over is forgotten, and of what has expired the address. */
const remembered = ({ invitations }: Team, now: number): [string, Invitation][] =>
  [...invitations]
    .filter(([, { expiresAt }]) => expiresAt + LIMITS.invitationMemoryMs > now)
    .map(([id, invitation]) => {
      const { address, ...rest } = invitation;
      return [id, address !== undefined && invitation.expiresAt <= now ? rest : invitation];
    });
