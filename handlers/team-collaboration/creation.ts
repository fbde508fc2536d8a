import { PermanentError } from '../../lib/errors.ts';
import { LIMITS } from './limits.ts';
import { type Rule, timeOf } from './rule.ts';

/** Makes a team with its first owner. The same team under another event id changes nothing. */
export const created: Rule<'team.created'> = (event, team) => {
  const { teamId, actorId, ownerId } = event.payload;
  const name = event.payload.name.trim();
  if (name === '' || name.length > LIMITS.nameLength) {
    throw new PermanentError('INVALID_EVENT', `Team ${teamId} needs a name of 1 to ${LIMITS.nameLength} characters.`);
  }
  if (team !== undefined) {
    if (team.name === name && team.members.has(ownerId)) return undefined;
    throw new PermanentError('RULE_VIOLATED', `Team ${teamId} exists already and cannot be created again by anybody.`);
  }
  const owner = { role: 'owner', since: timeOf(event) } as const;
  return {
    team: { teamId, name, members: new Map([[ownerId, owner]]), invitations: new Map() },
    entry: { actor: actorId, subject: ownerId },
    audit: { resource: `team/${teamId}`, after: { ownerId } },
  };
};
