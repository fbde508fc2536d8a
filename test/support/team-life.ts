import fc from 'fast-check';
import { RULES } from '../../handlers/team-collaboration/handlers.ts';
import type { Outcome, TeamEventType } from '../../handlers/team-collaboration/rule.ts';
import type { Seats, Team } from '../../handlers/team-collaboration/team.ts';
import { type EventInputs, type EventOf, eventOf } from '../../lib/events/index.ts';

type Decide = (event: EventOf, team: Team | undefined, seats: Seats) => Outcome | undefined;

const isTeamEvent = (type: string): type is TeamEventType => Object.hasOwn(RULES, type);

const isOfType = <Type extends TeamEventType>(event: EventOf, type: Type): event is EventOf<Type> =>
  event.eventType === type;

const routeOf = <Type extends TeamEventType>(type: Type): readonly [string, Decide] => [
  type,
  (event, team, seats) => (isOfType(event, type) ? RULES[type](event, team, seats) : undefined),
];

const ROUTES = new Map(Object.keys(RULES).filter(isTeamEvent).map(routeOf));

/** What an event comes to by the rule of its type. */
export const decided: Decide = (event, team, seats) => ROUTES.get(event.eventType)?.(event, team, seats);

const DAY_MS = 24 * 60 * 60 * 1_000;
export const BEGIN = Date.parse('2026-03-01T10:00:00Z');

/** Something that is tried in a team; numbers stand for users, invitations and addresses. */
interface Step {
  readonly what: 'invite' | 'join' | 'remove' | 'role' | 'comment' | 'share' | 'create';
  readonly actor: number;
  readonly subject: number;
  readonly invitation: number;
  readonly role: string;
  /** Since the step before, hours. */
  readonly hours: number;
}

const USERS = 6;
const ROLES = ['owner', 'admin', 'editor', 'viewer'];

/** What people try in a team one after the other, sensible or not; user 0 is its first owner. */
export const steps = fc.array(
  fc.record<Step>({
    what: fc.constantFrom(
      'invite',
      'invite',
      'join',
      'join',
      'join',
      'remove',
      'role',
      'role',
      'comment',
      'share',
      'create',
    ),
    actor: fc.oneof(fc.constant(0), fc.nat(USERS - 1)),
    subject: fc.nat(USERS - 1),
    invitation: fc.nat(3),
    role: fc.constantFrom(...ROLES),
    hours: fc.oneof(fc.constant(1), fc.constant(100)),
  }),
  { minLength: 20, maxLength: 40 },
);

/** Seats of users whose plan is known. */
export const plans = fc.array(fc.option(fc.integer({ min: 1, max: 8 })), { minLength: USERS, maxLength: USERS });

export const userOf = (teamId: string, user: number): string => `${teamId}-user-${user}`;

/** The events of these steps, after the creation of the team. */
export const eventsOf = (teamId: string, wanted: readonly Step[]): EventOf[] => {
  let time = BEGIN;
  const event = <Type extends TeamEventType>(type: Type, payload: EventInputs[Type]): EventOf =>
    eventOf(type, payload, { source: 'test', timestamp: new Date(time).toISOString() });
  const created = (): EventOf => event('team.created', { teamId, actorId: owner, ownerId: owner, name: 'Team' });
  const owner = userOf(teamId, 0);
  const first = created();
  return [first, ...wanted.map((step) => eventOfStep(step))];

  function eventOfStep({ what, actor, subject, invitation, role, hours }: Step): EventOf {
    time += (hours * DAY_MS) / 24;
    const base = { teamId, actorId: userOf(teamId, actor) };
    const userId = userOf(teamId, subject);
    const invitationId = `${teamId}-${invitation}`;
    const about = { ...base, resource: 'qr/1' };
    const email = `a${subject}@example.com`;
    const made: Readonly<Record<Step['what'], () => EventOf>> = {
      create: created,
      invite: () => event('team.member.invited', { ...base, invitationId, email, role }),
      join: () => event('team.member.joined', { teamId, userId, invitationId }),
      remove: () => event('team.member.removed', { ...base, userId }),
      role: () => event('team.member.role_changed', { ...base, userId, role }),
      comment: () => event('team.comment.added', { ...about, commentId: 'c', text: 'x', mentions: [userId] }),
      share: () => event('team.resource.shared', about),
    };
    return made[what]();
  }
};
