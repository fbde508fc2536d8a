import { randomUUID } from 'node:crypto';
import { afterAll, expect } from 'vitest';
import { readFeed, readUnread } from '../../../handlers/team-collaboration/feed-state.ts';
import { TEAM_HANDLERS } from '../../../handlers/team-collaboration/handlers.ts';
import type { TeamEventType } from '../../../handlers/team-collaboration/rule.ts';
import { readTeam } from '../../../handlers/team-collaboration/team-state.ts';
import type { PlanName } from '../../../lib/catalog/index.ts';
import { closeConnections, createConsumer } from '../../../lib/consumer/index.ts';
import { type EventInputs, type EventOf, eventOf } from '../../../lib/events/index.ts';
import { entitlementsKey } from '../../../lib/stores/entitlements.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { recorderOn } from '../../support/recorder.ts';
import { testStack } from '../../support/stack.ts';
import { updateTypesOf } from '../../support/updates.ts';

export const DONE = { batchItemFailures: [] };

/** The consumer on the real stores and broker; its connections are closed after the tests of the file that calls. */
export const openWorld = () => {
  const { settings } = testStack();
  const { connections, deliverWith } = deliveryTo(
    'team-collaboration',
    (options) => createConsumer('team-collaboration', TEAM_HANDLERS, options),
    settings,
  );
  const { redis, publisher } = connections;
  afterAll(() => closeConnections(connections));

  const recorder = recorderOn(publisher);
  const deliver = (...events: EventOf[]) => deliverWith({ publisher: recorder.publisher }, ...events);

  /** A team of its own: its owner ada, and bob, cyd and dot, whom she invites. */
  const newTeam = () => {
    const teamId = randomUUID();
    const id = (name: string) => `${name}-${teamId}`;
    const event = <T extends TeamEventType>(type: T, payload: EventInputs[T]): EventOf =>
      eventOf(type, payload, { source: 'test' });
    const base = (actor: string) => ({ teamId, actorId: id(actor) });
    const invitation = (name: string) => `i-${name.charCodeAt(0)}-${teamId}`;
    const team = {
      teamId,
      id,
      invitation,
      created: () => event('team.created', { ...base('ada'), ownerId: id('ada'), name: 'Menu team' }),
      invited: (actor: string, name: string, role = 'editor') =>
        event('team.member.invited', {
          ...base(actor),
          invitationId: invitation(name),
          email: `${name}@example.com`,
          role,
        }),
      joined: (name: string) =>
        event('team.member.joined', { teamId, userId: id(name), invitationId: invitation(name) }),
      removed: (actor: string, name: string) => event('team.member.removed', { ...base(actor), userId: id(name) }),
      role: (actor: string, name: string, role: string) =>
        event('team.member.role_changed', { ...base(actor), userId: id(name), role }),
      comment: (actor: string, text: string, ...mentions: string[]) =>
        event('team.comment.added', {
          ...base(actor),
          commentId: 'c-1',
          resource: 'qr/7',
          text,
          mentions: mentions.map(id),
        }),
      shared: (actor: string, access = 'edit') =>
        event('team.resource.shared', { ...base(actor), resource: 'qr/7', access }),
      state: async () => (await readTeam(redis, teamId)).team,
      roles: async () => {
        const members = (await readTeam(redis, teamId)).team?.members ?? new Map();
        return Object.fromEntries([...members].map(([userId, { role }]) => [userId.split('-')[0], role]));
      },
      feed: () => readFeed(redis, teamId),
      unread: async () =>
        Object.fromEntries(
          [...(await readUnread(redis, teamId))].map(([userId, count]) => [userId.split('-')[0], count]),
        ),
      updates: (name: string) => updateTypesOf(redis, id(name)),
      plan: (name: string, plan: PlanName) => redis.hset(entitlementsKey(id(name)), 'plan', plan),
      /** Everybody in, and what came of it forgotten. */
      complete: async () => {
        const names = ['bob', 'cyd', 'dot'];
        const events = names.flatMap((name) => [
          team.invited('ada', name, name === 'bob' ? 'admin' : name === 'cyd' ? 'editor' : 'viewer'),
          team.joined(name),
        ]);
        expect(await deliver(team.created(), ...events)).toEqual(DONE);
        expect(recorder.reasons()).toEqual([]);
        await recorder.events();
        return team;
      },
    };
    return team;
  };

  /** What was published since the last look: `template by channel to user`, audit records as `audit action`. */
  const published = async () =>
    (await recorder.events()).map(({ eventType, payload }) => {
      if ('template' in payload) return `${payload.template} by ${payload.channel} to ${payload.userId.split('-')[0]}`;
      return 'tenantId' in payload
        ? `audit ${payload.action} of ${payload.tenantId === null ? 'nobody' : 'the team'}`
        : eventType;
    });

  return { connections, deliver, deliverWith, newTeam, published, recorder };
};
