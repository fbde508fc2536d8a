import type { Words } from '../wording.ts';

type Names =
  | 'invitation'
  | 'team-member-joined'
  | 'team-member-removed'
  | 'team-role-changed'
  | 'mention'
  | 'team-comment'
  | 'resource-shared';

export const teams: Words<Names> = {
  invitation: ({ teamName, inviter, role, invitationId }, { link }) => ({
    subject: `${inviter} invites you to ${teamName}`,
    paragraphs: [
      `${inviter} invites you to join the team ${teamName} as ${role}.`,
      'If you do not know who that is, leave this message alone and nothing happens.',
    ],
    short: `${inviter} invites you to the team ${teamName}.`,
    action: { label: 'See the invitation', url: link('invitations', invitationId) },
  }),
  'team-member-joined': ({ teamName, member, role }, { link }) => ({
    subject: `${member} has joined ${teamName}`,
    paragraphs: [`${member} has joined the team ${teamName} as ${role}.`],
    short: `${member} has joined ${teamName} as ${role}.`,
    action: { label: 'See the team', url: link('teams') },
  }),
  'team-member-removed': ({ teamName, member }, { link }) => ({
    subject: `${member} is no longer in ${teamName}`,
    paragraphs: [`${member} is no longer a member of the team ${teamName}.`],
    short: `${member} is no longer in ${teamName}.`,
    action: { label: 'See your teams', url: link('teams') },
  }),
  'team-role-changed': ({ teamName, member, role }, { link }) => ({
    subject: `New role in ${teamName}`,
    paragraphs: [`${member} is now ${role} in the team ${teamName}.`],
    short: `${member} is now ${role} in ${teamName}.`,
    action: { label: 'See the team', url: link('teams') },
  }),
  mention: ({ teamName, author, resource, text }, { link }) => ({
    subject: `${author} mentions you in ${teamName}`,
    paragraphs: [`${author} mentions you at ${resource}:`, text],
    short: `${author} mentions you at ${resource}: ${text}`,
    action: { label: 'Answer', url: link('teams') },
  }),
  'team-comment': ({ teamName, author, resource }, { link }) => ({
    subject: `New comment in ${teamName}`,
    paragraphs: [`${author} has commented on ${resource}.`],
    short: `${author} has commented on ${resource}.`,
    action: { label: 'Read it', url: link('teams') },
  }),
  'resource-shared': ({ teamName, sharer, resource, access }, { link }) => ({
    subject: `${sharer} shares something with ${teamName}`,
    paragraphs: [`${sharer} shares ${resource} with the team ${teamName} (${access}).`],
    short: `${sharer} shares ${resource} with ${teamName} (${access}).`,
    action: { label: 'Look at it', url: link('teams') },
  }),
};
