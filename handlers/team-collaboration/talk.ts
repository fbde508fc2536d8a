import { notified } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import { LIMITS, shortened } from './limits.ts';
import { requireRight } from './roles.ts';
import { ofExisting } from './rule.ts';
import { othersIn, tell } from './telling.ts';

/** A member has said something: those named are called on, by e-mail too, and the others see that there is something new. */
export const commented = ofExisting<'team.comment.added'>((event, team) => {
  const { teamId, actorId, commentId } = event.payload;
  requireRight(team, actorId, 'comment');
  const resource = resourceIn(teamId, event.payload.resource);
  const text = shortened(event.payload.text.trim(), LIMITS.commentLength);
  if (text === '') throw new PermanentError('INVALID_EVENT', `Team ${teamId}: comment ${commentId} has no text.`);
  const others = othersIn(team, event);
  const named = new Set(event.payload.mentions);
  // Whoever is no member is not called on.
  const mentions = others.filter((userId) => named.has(userId)).slice(0, LIMITS.mentions);
  const rest = others.filter((userId) => !mentions.includes(userId));
  return {
    team,
    entry: { actor: actorId, commentId, resource, text, mentions },
    told: (nameOf) => {
      const about = { teamName: team.name, author: nameOf(actorId), resource };
      const mention = { ...about, text: shortened(text, LIMITS.excerptLength) };
      return [
        ...tell(event, mentions, 'in-app', (to) => notified({ ...to, template: 'mention', data: mention })),
        ...tell(event, mentions, 'email', (to) => notified({ ...to, template: 'mention', data: mention })),
        ...tell(event, rest, 'in-app', (to) => notified({ ...to, template: 'team-comment', data: about })),
      ];
    },
  };
});

/** What members may do with what was shared. */
const ACCESS: readonly string[] = ['view', 'edit'];

/** A member has shared something with all the others. */
export const shared = ofExisting<'team.resource.shared'>((event, team) => {
  const { teamId, actorId, access } = event.payload;
  requireRight(team, actorId, 'share something with the team');
  const resource = resourceIn(teamId, event.payload.resource);
  if (!ACCESS.includes(access)) {
    throw new PermanentError(
      'INVALID_EVENT',
      `Team ${teamId}: there is no access ${JSON.stringify(shortened(access, 40))}; one can give ${ACCESS.join(' or ')}.`,
    );
  }
  return {
    team,
    entry: { actor: actorId, resource, access },
    audit: { resource, after: { teamId, access } },
    told: (nameOf) =>
      tell(event, othersIn(team, event), 'in-app', (to) =>
        notified({
          ...to,
          template: 'resource-shared',
          data: { teamName: team.name, sharer: nameOf(actorId), resource, access },
        }),
      ),
  };
});

const resourceIn = (teamId: string, resource: string): string => {
  if (resource !== '' && resource.length <= LIMITS.resourceLength) return resource;
  throw new PermanentError(
    'INVALID_EVENT',
    `Team ${teamId}: what it is about must be named with 1 to ${LIMITS.resourceLength} characters, e.g. qr/abc.`,
  );
};
