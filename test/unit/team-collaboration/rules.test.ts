import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RIGHTS, ROLES } from '../../../handlers/team-collaboration/roles.ts';
import type { TeamEventType } from '../../../handlers/team-collaboration/rule.ts';
import { seatsBy } from '../../../handlers/team-collaboration/seats.ts';
import { ownersOf, successorIn, type Team, withOwner } from '../../../handlers/team-collaboration/team.ts';
import { PermanentError } from '../../../lib/errors.ts';
import { type EventInputs, type EventOf, eventOf } from '../../../lib/events/index.ts';
import { BEGIN, decided, eventsOf, plans, steps, userOf } from '../../support/team-life.ts';

const teamId = 't-1';
const DAY_MS = 24 * 60 * 60 * 1_000;
const dayOf = (day: number) => new Date(BEGIN + day * DAY_MS).toISOString();
const event = <T extends TeamEventType>(type: T, payload: EventInputs[T], day = 0): EventOf =>
  eventOf(type, payload, { source: 'test', timestamp: dayOf(day) });

const team = (members: Readonly<Record<string, (typeof ROLES)[number]>>, more: Partial<Team> = {}): Team => ({
  teamId,
  name: 'Menu team',
  members: new Map(Object.entries(members).map(([userId, role], i) => [userId, { role, since: BEGIN + i }])),
  invitations: new Map(),
  ...more,
});
const ALL = { ada: 'owner', bob: 'admin', cyd: 'editor', dot: 'viewer' } as const;
const anySeats = seatsBy(new Map());
const nameOf = (userId: string) => userId.toUpperCase();
const tried = (given: EventOf, before: Team | undefined = team(ALL), seats = anySeats) => decided(given, before, seats);

const invite = (actorId: string, role = 'viewer', email = ' New@Example.com', invitationId = 'i-1', day = 0) =>
  event('team.member.invited', { teamId, actorId, invitationId, email, role }, day);
const join = (userId: string, invitationId: string | null, day = 1) =>
  event('team.member.joined', { teamId, userId, invitationId, role: 'owner' }, day);
const remove = (actorId: string, userId: string) => event('team.member.removed', { teamId, actorId, userId });
const promote = (actorId: string, userId: string, role: string) =>
  event('team.member.role_changed', { teamId, actorId, userId, role });
const comment = (actorId: string, text: string, mentions: string[] = []) =>
  event('team.comment.added', { teamId, actorId, commentId: 'c-1', resource: 'qr/7', text, mentions });

describe('the table of rights', () => {
  it('gives nobody a right that a greater role lacks', () => {
    for (const roles of Object.values(RIGHTS)) {
      const ranks = roles.map((role) => ROLES.indexOf(role)).sort();
      expect(ranks).toEqual(ROLES.map((_, rank) => rank).slice(-roles.length));
    }
  });

  it.each([
    ['cyd', invite('cyd'), 'is editor and may not invite members; an owner or admin may.'],
    ['bob', invite('bob', 'owner'), 'is admin and may not invite owners; an owner may.'],
    ['bob', promote('bob', 'bob', 'owner'), 'is admin and may not make owners; an owner may.'],
    ['bob', promote('bob', 'ada', 'viewer'), 'is admin and may not change the role of owners; an owner may.'],
    ['cyd', promote('cyd', 'dot', 'editor'), 'is editor and may not change roles; an owner or admin may.'],
    ['bob', remove('bob', 'ada'), 'is admin and may not remove owners; an owner may.'],
    ['dot', remove('dot', 'cyd'), 'is viewer and may not remove members; an owner or admin may.'],
    ['eve', remove('eve', 'cyd'), 'is no member and may not remove members; an owner or admin may.'],
    ['eve', comment('eve', 'hi'), 'is no member and may not comment; an owner, admin, editor, or viewer may.'],
    [
      'dot',
      event('team.resource.shared', { teamId, actorId: 'dot', resource: 'qr/7' }),
      'is viewer and may not share something with the team; an owner, admin, or editor may.',
    ],
  ])('refuses %s with the rule and who may: %#', (actor, given, reason) => {
    expect(() => tried(given)).toThrow(`Team t-1: user ${actor} ${reason}`);
  });
});

describe('the last owner', () => {
  it('stays: neither leaves, nor is removed, nor gets another role', () => {
    const reason = /is its last owner and can neither leave, be removed nor get another role before there is a second/;
    expect(() => tried(remove('ada', 'ada'))).toThrow(reason);
    expect(() => tried(promote('ada', 'ada', 'admin'))).toThrow(reason);
    const two = tried(promote('ada', 'bob', 'owner'))?.team;
    expect(ownersOf(tried(remove('bob', 'ada'), two)?.team ?? team({}))).toEqual(['bob']);
  });

  it('is not let go while the others’ plans are too small for the team', () => {
    const two = team({ ...ALL, eve: 'owner' });
    const seats = seatsBy(
      new Map([
        ['ada', 25],
        ['eve', 3],
      ]),
    );
    expect(() => tried(promote('eve', 'ada', 'admin'), two, seats)).toThrow(
      /its 5 members need the plan of user ada, the other owners’ plans have 3 seats/,
    );
    expect(tried(promote('ada', 'eve', 'admin'), two, seats)?.team.members.get('eve')?.role).toBe('admin');
  });

  it('whose data are erased hands over to the longest-serving admin, else editor; viewers inherit nothing', () => {
    expect(successorIn(team({ dot: 'viewer', cyd: 'editor', bob: 'admin', eve: 'admin' }))).toBe('bob');
    expect(successorIn(team({ dot: 'viewer', cyd: 'editor', eve: 'editor' }))).toBe('cyd');
    expect(successorIn(team({ dot: 'viewer' }))).toBeUndefined();
    expect(ownersOf(withOwner(team({ dot: 'viewer', cyd: 'editor' })))).toEqual(['cyd']);
  });
});

describe('an invitation', () => {
  const invited = tried(invite('bob', 'editor'))?.team;

  it('goes to the normalised address, which neither team, feed nor audit record keeps', () => {
    const outcome = tried(invite('bob'));
    expect(outcome?.told?.(nameOf)).toMatchObject([
      {
        payload: {
          userId: 'guest:i-1',
          to: 'new@example.com',
          channel: 'email',
          template: 'invitation',
          data: { teamName: 'Menu team', inviter: 'BOB', role: 'viewer', invitationId: 'i-1' },
        },
      },
    ]);
    const kept = [outcome?.entry, outcome?.audit, [...(outcome?.team.invitations ?? [])]];
    expect(JSON.stringify(kept)).not.toContain('example');
    expect(() => tried(invite('bob', 'viewer', 'nobody'))).toThrow(
      'Team t-1: invitation i-1 goes to no e-mail address.',
    );
    expect(() => tried(invite('bob', 'boss'))).toThrow('There is no role "boss"; the roles are viewer, editor');
  });

  it('lets one person in, in its own role, within seven days', () => {
    const after = tried(join('eve', 'i-1'), invited)?.team;
    expect(after?.members.get('eve')).toEqual({ role: 'editor', since: BEGIN + DAY_MS });
    expect(JSON.stringify([...(after?.invitations ?? [])])).not.toContain('address');
    expect(() => tried(join('fay', 'i-1'), after)).toThrow(
      `user fay cannot join: invitation i-1 was used on ${dayOf(1)} and is good for one person; an owner or admin may invite them.`,
    );
    expect(() => tried(join('eve', 'i-1'), after)).toThrow('user eve is a member already');
    expect(() => tried(join('eve', 'i-1', 7), invited)).toThrow(`invitation i-1 expired on ${dayOf(7)}`);
    expect(() => tried(join('eve', 'i-9'), invited)).toThrow(
      'there is no invitation i-9; an owner or admin may invite',
    );
    expect(() => tried(join('eve', null), invited)).toThrow(
      'nobody joins without an invitation; an owner or admin may',
    );
  });

  it('takes the place of one to the same address, and is forgotten a month after it has expired', () => {
    const again = tried(invite('bob', 'viewer', 'new@example.com', 'i-2'), invited)?.team;
    expect([...(again?.invitations.keys() ?? [])]).toEqual(['i-2']);
    const later = tried(invite('bob', 'viewer', 'x@example.com', 'i-3', 10), again)?.team;
    expect(later?.invitations.get('i-2')).not.toHaveProperty('address');
    const muchLater = tried(invite('bob', 'viewer', 'y@example.com', 'i-4', 40), later)?.team;
    expect([...(muchLater?.invitations.keys() ?? [])]).toEqual(['i-3', 'i-4']);
    expect(() => tried(invite('bob', 'viewer', 'z@example.com', 'i-4', 41), muchLater)).toThrow('i-4 exists already');
  });

  it('holds a seat until it has expired', () => {
    const seats = seatsBy(new Map([['ada', 5]]));
    expect(() => tried(invite('bob', 'viewer', 'x@example.com', 'i-2'), invited, seats)).toThrow(
      'Team t-1 has no seat left (4 taken by members, 1 by open invitations, 5 in its owners’ plan); an owner may take a larger plan, an owner or admin may remove members.',
    );
    expect(tried(invite('bob', 'viewer', 'x@example.com', 'i-2', 8), invited, seats)).toBeDefined();
    const smaller = seatsBy(new Map([['ada', 4]]));
    expect(() => tried(join('eve', 'i-1'), invited, smaller)).toThrow('Team t-1 has no seat left');
  });
});

describe('a comment', () => {
  it('calls on members it names, each once, and tells the others; the author and strangers hear nothing', () => {
    const text = ` ${'<b>'.repeat(1_000)} `;
    const outcome = tried(comment('dot', text, ['bob', 'bob', 'dot', 'stranger']));
    const told = (outcome?.told?.(nameOf) ?? []).map(({ payload }) =>
      'template' in payload ? [payload.userId, payload.channel, payload.template] : [],
    );
    expect(told).toEqual([
      ['bob', 'in-app', 'mention'],
      ['bob', 'email', 'mention'],
      ['ada', 'in-app', 'team-comment'],
      ['cyd', 'in-app', 'team-comment'],
    ]);
    expect(outcome?.entry).toMatchObject({ actor: 'dot', mentions: ['bob'], resource: 'qr/7' });
    // Stored as typed: escaping is for whoever shows it.
    expect(outcome?.entry.text).toMatch(/^(<b>)+<?b?…$/);
    expect(outcome?.entry.text).toHaveLength(2_000);
    expect(() => tried(comment('dot', ' \n '))).toThrow('Team t-1: comment c-1 has no text.');
  });
});

describe('a team', () => {
  const create = (name = 'Menu team', ownerId = 'ada') =>
    event('team.created', { teamId, actorId: 'ada', ownerId, name });

  it('begins with its owner, once, and nothing happens in one that does not exist', () => {
    const made = decided(create(), undefined, anySeats)?.team;
    expect(ownersOf(made ?? team({}))).toEqual(['ada']);
    expect(tried(create(), made)).toBeUndefined();
    expect(() => tried(create('Other'), made)).toThrow('Team t-1 exists already');
    expect(() => decided(create('  '), undefined, anySeats)).toThrow('Team t-1 needs a name of 1 to 100 characters.');
    expect(() => decided(invite('ada'), undefined, anySeats)).toThrow(
      'There is no team t-1; it must be created before',
    );
  });

  it('whatever happens has an owner, no more members than seats, and lets nobody in twice; repeating an event changes nothing', () => {
    let refusals = 0;
    let changes = 0;
    fc.assert(
      fc.property(steps, plans, (wanted, seatsKnown) => {
        const known = seatsKnown.flatMap((seats, user) =>
          seats === null ? [] : [[userOf(teamId, user), seats] as const],
        );
        const seats = seatsBy(new Map(known));
        let state: Team | undefined;
        const used = new Set<string>();
        for (const given of eventsOf(teamId, wanted)) {
          const before = state;
          try {
            state = decided(given, state, seats)?.team ?? state;
          } catch (error) {
            if (!(error instanceof PermanentError)) throw error;
            expect(error.message).toMatch(/ may |cannot be created again/);
            refusals += 1;
          }
          if (state === undefined) throw new Error('the team was not made');
          if (state !== before) changes += 1;
          const owners = ownersOf(state);
          expect(owners.length).toBeGreaterThan(0);
          expect(state.members.size).toBeLessThanOrEqual(seats(owners));
          if (state !== before && 'invitationId' in given.payload) {
            const invitationId = String(given.payload.invitationId);
            if (given.eventType === 'team.member.joined') {
              expect(used.has(invitationId)).toBe(false);
              used.add(invitationId);
            } else used.delete(invitationId);
          }
          const after = state;
          const again = (): Team => decided(given, after, seats)?.team ?? after;
          try {
            expect(again()).toEqual(state);
          } catch (error) {
            if (!(error instanceof PermanentError)) throw error;
          }
        }
      }),
      { numRuns: 80 },
    );
    // Both happen often, or the property would say little.
    expect(refusals).toBeGreaterThan(160);
    expect(changes).toBeGreaterThan(160);
  }, 30_000);
});
