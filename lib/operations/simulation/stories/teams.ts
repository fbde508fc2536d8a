import type { Story } from '../draft.ts';
import type { Stage } from '../stage.ts';

/** A team is founded, grows, talks, and loses a member. */
export function* teams({ dice, person, fresh }: Stage): Story {
  const teamId = fresh('team');
  const owner = person().userId;
  yield { type: 'team.created', payload: { teamId, actorId: owner, ownerId: owner, name: 'Print shop' } };
  const members: string[] = [];
  for (let count = dice.integer(1, 4); count > 0; count -= 1) {
    const [invitationId, userId] = [fresh('invitation'), fresh('colleague')];
    const email = `${userId}@example.com`;
    yield {
      type: 'team.member.invited',
      payload: { teamId, actorId: owner, invitationId, email, role: dice.pick(['editor', 'viewer', 'admin']) },
    };
    if (!dice.chance(0.8)) continue;
    yield { type: 'team.member.joined', payload: { teamId, userId, invitationId } };
    members.push(userId);
  }
  for (let count = dice.integer(2, 12); count > 0; count -= 1) {
    const mentions = dice.chance(0.3) ? members.slice(0, 2) : [];
    yield {
      type: 'team.comment.added',
      payload: {
        teamId,
        actorId: owner,
        commentId: fresh('comment'),
        resource: 'qr/spring',
        text: 'Larger, please',
        mentions,
      },
    };
  }
  yield { type: 'team.resource.shared', payload: { teamId, actorId: owner, resource: 'qr/spring', access: 'edit' } };
  const [first] = members;
  if (first === undefined) return;
  yield { type: 'team.member.role_changed', payload: { teamId, actorId: owner, userId: first, role: 'admin' } };
  if (dice.chance(0.3)) yield { type: 'team.member.removed', payload: { teamId, actorId: owner, userId: first } };
  // Somebody tries what no team allows: its last owner stays.
  if (dice.chance(0.05)) yield { type: 'team.member.removed', payload: { teamId, actorId: owner, userId: owner } };
}
