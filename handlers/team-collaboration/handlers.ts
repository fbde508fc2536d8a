import type { Handlers } from '../../lib/consumer/index.ts';
import { ofTeam } from './change.ts';
import { created } from './creation.ts';
import { invited, joined } from './invitations.ts';
import { removed, roleChanged } from './membership.ts';
import type { Rule, TeamEventType } from './rule.ts';
import { commented, shared } from './talk.ts';

/** What decides each event of a team. */
export const RULES: { readonly [Type in TeamEventType]: Rule<Type> } = {
  'team.created': created,
  'team.member.invited': invited,
  'team.member.joined': joined,
  'team.member.removed': removed,
  'team.member.role_changed': roleChanged,
  'team.comment.added': commented,
  'team.resource.shared': shared,
};

export const TEAM_HANDLERS: Handlers<'team-collaboration'> = {
  'team.created': ofTeam(RULES['team.created']),
  'team.member.invited': ofTeam(RULES['team.member.invited']),
  'team.member.joined': ofTeam(RULES['team.member.joined']),
  'team.member.removed': ofTeam(RULES['team.member.removed']),
  'team.member.role_changed': ofTeam(RULES['team.member.role_changed']),
  'team.comment.added': ofTeam(RULES['team.comment.added']),
  'team.resource.shared': ofTeam(RULES['team.resource.shared']),
};
