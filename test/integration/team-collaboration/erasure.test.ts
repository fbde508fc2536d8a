import { describe, expect, it } from 'vitest';
import { teamKeys, teamsOfKey } from '../../../handlers/team-collaboration/keys.ts';
import { PLACES } from '../../../handlers/team-collaboration/places.ts';
import { hashTag } from '../../../lib/stores/hash-tag.ts';
import { isBookkeeping } from '../../support/bookkeeping.ts';
import { DONE, openWorld } from './world.ts';

const { connections, deliver, newTeam, published, recorder } = openWorld();

const { redis, objects } = connections;

describe('the erasure of a user', () => {
  const stores = { redis, objects, signal: new AbortController().signal };
  const erase = async (userId: string) => Promise.all(PLACES.map((place) => place.erase(userId, stores)));

  it('takes their name out of every team; what they said stays, as of a former member', async () => {
    const team = await newTeam().complete();
    const cyd = team.id('cyd');
    await deliver(team.comment('cyd', 'I quit'), team.comment('dot', 'Why?', 'cyd'), team.removed('cyd', 'cyd'));
    // Entries: joined, two comments, left.
    expect(await erase(cyd)).toEqual([4]);
    expect(await erase(cyd)).toEqual([0]);
    const kept = (await redis.keys(`*${hashTag(team.teamId)}*`)).filter((key) => !isBookkeeping(key));
    for (const key of kept.filter((one) => !one.startsWith('done:'))) {
      expect(JSON.stringify([await redis.type(key), await contentOf(key)])).not.toContain('cyd');
    }
    expect((await team.feed()).slice(0, 3)).toMatchObject([
      { actor: 'former-member', subject: 'former-member' },
      { text: 'Why?', mentions: [] },
      { actor: 'former-member', text: 'I quit' },
    ]);
    expect(await redis.exists(teamsOfKey(cyd))).toBe(0);
  });

  it('passes a team on to its longest-serving admin, who is told, else to an editor; one with viewers only is dissolved', async () => {
    const team = await newTeam().complete();
    expect(await erase(team.id('ada'))).toEqual([5]);
    expect(await team.roles()).toEqual({ bob: 'owner', cyd: 'editor', dot: 'viewer' });
    expect((await team.updates('bob')).at(-1)).toBe('team.ownership.passed');
    await erase(team.id('bob'));
    expect(await team.roles()).toEqual({ cyd: 'owner', dot: 'viewer' });
    await erase(team.id('cyd'));
    expect(await team.state()).toBeUndefined();
    expect((await team.updates('dot')).at(-1)).toBe('team.dissolved');
    await recorder.events();
    await deliver(team.comment('dot', 'anybody here?'));
    expect(recorder.reasons()[0]).toMatch(
      /was dissolved on .*, when nobody was left to own it; anybody may create another/,
    );
  });

  it('drops what was under way of them, and heals a team that lost its last owner beside another change', async () => {
    const team = await newTeam().complete();
    await erase(team.id('dot'));
    await recorder.events();
    const late = [team.comment('dot', 'late'), team.role('ada', 'dot', 'editor'), team.removed('ada', 'dot')];
    expect(await deliver(...late)).toEqual(DONE);
    expect([recorder.reasons(), await published()]).toEqual([[], []]);
    // As an erasure leaves it that read the team before bob was given the ownership up.
    await redis.zrem(teamKeys(team.teamId).members, team.id('ada'));
    await redis.zrem(teamKeys(team.teamId).roles, team.id('ada'));
    await deliver(team.role('bob', 'cyd', 'admin'));
    expect(await team.roles()).toEqual({ bob: 'owner', cyd: 'admin' });
    expect(await redis.zscore(teamKeys(team.teamId).roles, team.id('bob'))).toBe('3');
  });
});

const contentOf = (key: string): Promise<unknown> => {
  if (key.endsWith(':members') || key.endsWith(':roles')) return redis.zrange(key, 0, -1);
  return redis.hgetall(key);
};
