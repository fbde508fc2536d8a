import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import { teamKeys } from './keys.ts';
import { ROLES } from './roles.ts';
import { type Invitation, type Member, type Team, withOwner } from './team.ts';

/** A team as it is kept. */
export interface KeptTeam {
  /** Undefined where there is none. */
  readonly team: Team | undefined;
  /** The same as it lies there: perhaps without an owner, see {@link withOwner}. */
  readonly stored: Team | undefined;
  /** Entries its feed ever had: the number of the newest one. */
  readonly entries: number;
  /** When it was dissolved, ISO 8601. */
  readonly dissolvedAt: string | undefined;
}

/** Reads a team with its members and invitations. */
export const readTeam = async (redis: Redis, teamId: string): Promise<KeptTeam> => {
  const keys = teamKeys(teamId);
  const [fields, members, roles, invitations] = await Promise.all([
    redis.hgetall(keys.team),
    redis.zrange(keys.members, 0, -1, 'WITHSCORES'),
    redis.zrange(keys.roles, 0, -1, 'WITHSCORES'),
    redis.hgetall(keys.invitations),
  ]);
  const { name, entries = '0', dissolvedAt } = fields;
  if (name === undefined) return { team: undefined, stored: undefined, entries: 0, dissolvedAt };
  const ranks = scores(roles);
  const stored: Team = {
    teamId,
    name,
    members: new Map(
      [...scores(members)].map(([userId, since]): [string, Member] => [
        userId,
        { role: ROLES[ranks.get(userId) ?? 0] ?? 'viewer', since },
      ]),
    ),
    invitations: new Map(Object.entries(invitations).map(([id, json]): [string, Invitation] => [id, JSON.parse(json)])),
  };
  return { team: withOwner(stored), stored, entries: Number(entries), dissolvedAt };
};

const scores = (flat: readonly string[]): Map<string, number> =>
  new Map(flat.flatMap((member, i) => (i % 2 === 0 ? [[member, Number(flat[i + 1])] as const] : [])));

/**
 * The writes that make one state of a team the other. A role is only set of whoever is still a member when it is written:
 * an erasure may run at the same time, and must not be undone.
 */
export const writesBetween = (before: Team | undefined, after: Team): RedisCommand[] => {
  const keys = teamKeys(after.teamId);
  const gone = [...(before?.members.keys() ?? [])].filter((userId) => !after.members.has(userId));
  const lapsed = [...(before?.invitations.keys() ?? [])].filter((id) => !after.invitations.has(id));
  return [
    ...(before?.name === after.name ? [] : [['HSET', keys.team, 'name', after.name] as const]),
    ...[...after.members].flatMap(([userId, { role, since }]): RedisCommand[] => {
      const known = before?.members.get(userId);
      const rank = ROLES.indexOf(role);
      if (known === undefined)
        return [
          ['ZADD', keys.members, since, userId],
          ['ZADD', keys.roles, rank, userId],
        ];
      return known.role === role ? [] : [['ZADD', keys.roles, 'XX', rank, userId]];
    }),
    ...gone.flatMap((userId): RedisCommand[] => [
      ['ZREM', keys.members, userId],
      ['ZREM', keys.roles, userId],
    ]),
    ...[...after.invitations].flatMap(([id, invitation]): RedisCommand[] =>
      before?.invitations.get(id) === invitation ? [] : [['HSET', keys.invitations, id, JSON.stringify(invitation)]],
    ),
    ...(lapsed.length === 0 ? [] : [['HDEL', keys.invitations, ...lapsed] as const]),
  ];
};
