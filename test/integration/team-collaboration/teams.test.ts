import { describe, expect, it } from 'vitest';
import { markRead, readFeed } from '../../../handlers/team-collaboration/feed-state.ts';
import { teamKeys } from '../../../handlers/team-collaboration/keys.ts';
import { LIMITS } from '../../../handlers/team-collaboration/limits.ts';
import type { Team } from '../../../handlers/team-collaboration/team.ts';
import { writesBetween } from '../../../handlers/team-collaboration/team-state.ts';
import { TransientError } from '../../../lib/errors.ts';
import { eventOf, type RawRecord } from '../../../lib/events/index.ts';
import { writeUnlessThere } from '../../../lib/idempotency/index.ts';
import { hashTag } from '../../../lib/stores/hash-tag.ts';
import { keepUserName } from '../../../lib/stores/user-names.ts';
import { DONE, openWorld } from './world.ts';

const { connections, deliver, deliverWith, newTeam, published, recorder } = openWorld();

const { redis, publisher } = connections;

describe('a team', () => {
  it('takes in whom it invites, and tells its members but not whoever did it', async () => {
    const team = newTeam();
    await deliver(team.created(), team.invited('ada', 'bob', 'admin'));
    expect(await published()).toEqual([
      'audit team.created of the team',
      'audit team.member.invited of the team',
      'invitation by email to guest:i',
    ]);
    await deliver(team.joined('bob'), team.invited('bob', 'cyd', 'viewer'), team.joined('cyd'));
    expect(await published()).toEqual([
      'audit team.member.joined of the team',
      'team-member-joined by in-app to ada',
      'audit team.member.invited of the team',
      'invitation by email to guest:i',
      'audit team.member.joined of the team',
      'team-member-joined by in-app to ada',
      'team-member-joined by in-app to bob',
    ]);
    await deliver(team.role('ada', 'cyd', 'editor'), team.shared('cyd'), team.removed('bob', 'cyd'));
    expect(await published()).toEqual([
      'audit team.member.role_changed of the team',
      'team-role-changed by in-app to bob',
      'team-role-changed by in-app to cyd',
      'audit team.resource.shared of the team',
      'resource-shared by in-app to ada',
      'resource-shared by in-app to bob',
      'audit team.member.removed of the team',
      'team-member-removed by in-app to ada',
      'team-member-removed by in-app to cyd',
    ]);
    expect(await team.roles()).toEqual({ ada: 'owner', bob: 'admin' });
    // Whoever was removed sees that too.
    expect(await team.updates('cyd')).toEqual([
      'team.member.joined',
      'team.member.role_changed',
      'team.resource.shared',
      'team.member.removed',
    ]);
  });

  it('has a feed, and each member their own count of what is new', async () => {
    const team = await newTeam().complete();
    await writeUnlessThere(redis, `test:${hashTag(team.id('dot'))}`, [keepUserName(team.id('dot'), 'Dot')]);
    await markRead(redis, team.teamId, team.id('ada'));
    await deliver(team.comment('dot', ' <b>Look</b> ', 'bob', 'stranger'), team.comment('bob', 'Fine'));
    const mention = (await recorder.events()).find(
      ({ payload }) => 'template' in payload && payload.template === 'mention',
    );
    expect(mention?.payload).toMatchObject({ data: { author: 'Dot', text: '<b>Look</b>', teamName: 'Menu team' } });
    expect((await team.feed()).slice(0, 2)).toMatchObject([
      { number: 9, type: 'team.comment.added', actor: team.id('bob'), text: 'Fine', mentions: [] },
      { number: 8, actor: team.id('dot'), text: '<b>Look</b>', resource: 'qr/7', mentions: [team.id('bob')] },
    ]);
    expect(await readFeed(redis, team.teamId, { before: 3, count: 5 })).toMatchObject([
      { number: 2, type: 'team.member.invited' },
      { number: 1, type: 'team.created' },
    ]);
    // bob joined as entry 3: since then six, one of which is his own.
    expect(await team.unread()).toEqual({ ada: 2, bob: 5, cyd: 4, dot: 1 });
    await markRead(redis, team.teamId, team.id('bob'));
    await markRead(redis, team.teamId, 'a stranger');
    expect(await team.unread()).toEqual({ ada: 2, bob: 0, cyd: 4, dot: 1 });
    expect(await redis.hkeys(teamKeys(team.teamId).seen)).toHaveLength(4);
  });

  it('does not grow beyond the plan of its owners, until they take a larger one', async () => {
    const team = newTeam();
    await team.plan('ada', 'free');
    await deliver(team.created(), team.invited('ada', 'bob'));
    expect(recorder.reasons()).toEqual([
      `Team ${team.teamId} has no seat left (1 taken by members, 0 by open invitations, 1 in its owners’ plan); an owner may take a larger plan, an owner or admin may remove members.`,
    ]);
    await team.plan('ada', 'pro');
    await deliver(team.invited('ada', 'bob'), team.joined('bob'));
    expect(recorder.reasons()).toEqual([]);
    expect(await team.roles()).toEqual({ ada: 'owner', bob: 'editor' });
  });

  it('turns away what its rules forbid: each event is a dead letter with its reason, and the next one is worked', async () => {
    const team = await newTeam().complete();
    const { teamId, id, invitation } = team;
    const before = await team.state();
    const renamed = eventOf('team.created', { teamId, actorId: 'x', ownerId: 'x', name: 'Other' }, { source: 'test' });
    await deliver(
      renamed,
      team.invited('dot', 'eve'),
      team.joined('eve'),
      team.removed('ada', 'ada'),
      team.role('bob', 'bob', 'owner'),
      team.comment('eve', 'hello'),
      team.shared('dot'),
    );
    expect(recorder.reasons()).toEqual([
      `Team ${teamId} exists already and cannot be created again by anybody.`,
      `Team ${teamId}: user ${id('dot')} is viewer and may not invite members; an owner or admin may.`,
      `Team ${teamId}: user ${id('eve')} cannot join: there is no invitation ${invitation('eve')}; an owner or admin may invite them.`,
      `Team ${teamId}: user ${id('ada')} is its last owner and can neither leave, be removed nor get another role before there is a second; an owner may make one.`,
      `Team ${teamId}: user ${id('bob')} is admin and may not make owners; an owner may.`,
      `Team ${teamId}: user ${id('eve')} is no member and may not comment; an owner, admin, editor, or viewer may.`,
      `Team ${teamId}: user ${id('dot')} is viewer and may not share something with the team; an owner, admin, or editor may.`,
    ]);
    expect(await team.state()).toEqual(before);
    expect(await published()).toEqual([]);
    expect(await team.feed()).toHaveLength(7);
  });

  it('waits where the brokers cannot be reached, whatever the event, and goes on when they are back', async () => {
    const team = newTeam();
    const mute = { ...publisher, publishRaw: () => Promise.reject(new TransientError('BROKER_UNAVAILABLE', 'down')) };
    const events = [
      team.created(),
      team.invited('ada', 'bob'),
      team.joined('bob'),
      team.role('ada', 'bob', 'admin'),
      team.comment('bob', 'hi'),
      team.shared('bob'),
      team.removed('ada', 'bob'),
    ];
    for (const [i, event] of events.entries()) {
      expect((await deliverWith({ publisher: mute }, event)).batchItemFailures).toHaveLength(1);
      expect(await team.feed()).toHaveLength(i);
      expect(await deliver(event)).toEqual(DONE);
      expect(await team.feed()).toHaveLength(i + 1);
    }
    await recorder.events();
    const seen = async () => [await team.state(), await team.feed(), await team.unread(), await team.updates('ada')];
    const before = await seen();
    expect(await deliver(...events)).toEqual(DONE);
    expect(await deliver(...events.slice(3))).toEqual(DONE);
    expect(await seen()).toEqual(before);
    expect(await published()).toEqual([]);
    expect(recorder.reasons()).toEqual([]);
  });
});

describe('a team of a thousand', () => {
  it('is told of a comment in one request, and its feed keeps the newest thousand entries', async () => {
    const team = newTeam();
    const { teamId } = team;
    const members = Array.from(
      { length: LIMITS.members },
      (_, i) => [`m${i}-${teamId}`, { role: 'editor', since: i }] as const,
    );
    const big: Team = { teamId, name: 'All', members: new Map(members), invitations: new Map() };
    const writes = writesBetween(undefined, big);
    await writeUnlessThere(redis, `test:${hashTag(teamId)}:made`, [
      ...writes,
      ['HSET', teamKeys(teamId).team, 'entries', LIMITS.feedEntries],
      ['HSET', teamKeys(teamId).feed, 1, '{"type":"team.created","actor":"x","at":"2026-03-01T00:00:00Z"}'],
    ]);
    const requests: (readonly RawRecord[])[] = [];
    const watched = {
      ...publisher,
      publishRaw: (records: readonly RawRecord[]) => {
        requests.push(records);
        return publisher.publishRaw(records);
      },
    };
    const begun = performance.now();
    const named = members.map(([userId]) => userId.split('-')[0] ?? '');
    expect(await deliverWith({ publisher: watched }, team.comment('m0', 'hello', ...named))).toEqual(DONE);
    // Generous: it takes a tenth of it, and a function has sixty seconds.
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(requests.map((records) => records.length)).toEqual([LIMITS.members - 1 + LIMITS.mentions]);
    const unread = Object.values(await team.unread());
    expect([unread.length, new Set(unread)]).toEqual([LIMITS.members, new Set([LIMITS.feedEntries])]);
    expect(await team.updates('m999')).toEqual(['team.comment.added']);
    expect(await redis.hkeys(teamKeys(teamId).feed)).toEqual(['1001']);
    await deliver(team.invited('m0', 'eve'));
    // No owner was written: the longest-serving editor counts as one, and there is no seat.
    expect(recorder.reasons()[0]).toContain('has no seat left (1000 taken by members');
  });
});
