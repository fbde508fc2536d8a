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
    subject: `${inviter} lädt Sie in das Team ${teamName} ein`,
    paragraphs: [
      `${inviter} lädt Sie ein, dem Team ${teamName} als ${role} beizutreten.`,
      'Wenn Ihnen das nichts sagt, lassen Sie diese Nachricht einfach liegen; dann geschieht nichts.',
    ],
    short: `${inviter} lädt Sie in das Team ${teamName} ein.`,
    action: { label: 'Einladung ansehen', url: link('invitations', invitationId) },
  }),
  'team-member-joined': ({ teamName, member, role }, { link }) => ({
    subject: `${member} ist jetzt im Team ${teamName}`,
    paragraphs: [`${member} ist dem Team ${teamName} als ${role} beigetreten.`],
    short: `${member} ist dem Team ${teamName} als ${role} beigetreten.`,
    action: { label: 'Team ansehen', url: link('teams') },
  }),
  'team-member-removed': ({ teamName, member }, { link }) => ({
    subject: `${member} ist nicht mehr im Team ${teamName}`,
    paragraphs: [`${member} gehört nicht mehr zum Team ${teamName}.`],
    short: `${member} ist nicht mehr im Team ${teamName}.`,
    action: { label: 'Teams ansehen', url: link('teams') },
  }),
  'team-role-changed': ({ teamName, member, role }, { link }) => ({
    subject: `Neue Rolle im Team ${teamName}`,
    paragraphs: [`${member} hat im Team ${teamName} jetzt die Rolle ${role}.`],
    short: `${member} hat im Team ${teamName} jetzt die Rolle ${role}.`,
    action: { label: 'Team ansehen', url: link('teams') },
  }),
  mention: ({ teamName, author, resource, text }, { link }) => ({
    subject: `${author} erwähnt Sie im Team ${teamName}`,
    paragraphs: [`${author} erwähnt Sie bei ${resource}:`, text],
    short: `${author} erwähnt Sie bei ${resource}: ${text}`,
    action: { label: 'Antworten', url: link('teams') },
  }),
  'team-comment': ({ teamName, author, resource }, { link }) => ({
    subject: `Neuer Kommentar im Team ${teamName}`,
    paragraphs: [`${author} hat ${resource} kommentiert.`],
    short: `${author} hat ${resource} kommentiert.`,
    action: { label: 'Lesen', url: link('teams') },
  }),
  'resource-shared': ({ teamName, sharer, resource, access }, { link }) => ({
    subject: `${sharer} teilt etwas mit dem Team ${teamName}`,
    paragraphs: [`${sharer} teilt ${resource} mit dem Team ${teamName} (${access}).`],
    short: `${sharer} teilt ${resource} mit dem Team ${teamName} (${access}).`,
    action: { label: 'Ansehen', url: link('teams') },
  }),
};
