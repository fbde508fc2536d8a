import { readFeed } from '../../../../handlers/team-collaboration/feed-state.ts';
import { eventOf } from '../../../../lib/events/index.ts';
import { type Act, duplicated } from '../act.ts';
import type { Effect } from './effect.ts';

const ENTRIES = 80;
const TEAMS = 4;
const SHARES = 0.3;
const POISON = 0.04;
/** More than a run makes of one team. */
const ALL = 500;

const teamOf = (run: string, team: number): string => `${run}-team-${team}`;
const teams = Array.from({ length: TEAMS }, (_, team) => team);

/**
 * Comments and shares: each is one entry of its team's feed, in order. Nothing but the bookkeeping of idempotency keeps a
 * second entry out. A share is audited as well, by an event that the function publishes.
 */
export const teamFeeds: Effect = {
  name: 'teams',
  plan: (stage) => {
    const { dice, run } = stage;
    const origin = { source: 'faults' };
    const created = teams.map((team): Act => {
      const teamId = teamOf(run, team);
      const owner = `${teamId}-owner`;
      return {
        line: `teams/${teamId}`,
        event: eventOf('team.created', { teamId, actorId: owner, ownerId: owner, name: 'Team' }, origin),
        signs: [
          { log: `feed of ${teamId}`, id: 'team.created' },
          { log: `audit of ${teamId}`, id: `team/${teamId}` },
        ],
      };
    });
    const entries = Array.from({ length: ENTRIES }, (_, i): Act => {
      const teamId = teamOf(run, dice.integer(0, TEAMS - 1));
      const resource = `qr/${run}-${i}`;
      const about = { teamId, actorId: `${teamId}-owner`, resource };
      const line = `teams/${teamId}`;
      const feed = { log: `feed of ${teamId}`, id: resource };
      if (dice.chance(SHARES)) {
        const event = eventOf('team.resource.shared', { ...about, access: 'view' }, origin);
        return { line, event, signs: [feed, { log: `audit of ${teamId}`, id: resource }], ...duplicated(stage) };
      }
      const isPoison = dice.chance(POISON);
      const said = { ...about, commentId: `${run}-comment-${i}`, text: isPoison ? ' ' : `Comment ${i}` };
      const event = eventOf('team.comment.added', said, origin);
      if (isPoison) return { line, event, signs: [], refusal: 'INVALID_EVENT' };
      return { line, event, signs: [feed], ...duplicated(stage) };
    });
    return [...created, ...entries];
  },
  observe: async (run, { redis }) => {
    const logs = new Map<string, readonly string[]>();
    const faults: string[] = [];
    for (const team of teams) {
      const teamId = teamOf(run, team);
      const feed = (await readFeed(redis, teamId, { count: ALL })).reverse();
      logs.set(
        `feed of ${teamId}`,
        feed.map(({ resource, type }) => resource ?? type),
      );
      const gap = feed.find(({ number }, i) => number !== i + 1);
      if (gap !== undefined) faults.push(`Feed of ${teamId}: entry ${gap.number} is not where it should be.`);
    }
    return { logs, sums: new Map(), faults };
  },
};
