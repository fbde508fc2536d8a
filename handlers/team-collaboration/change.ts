import { audited, type Effect, type EventHandler } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { readUserNames } from '../../lib/stores/user-names.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import { entryWrites, forgetSeen, ownEntrySeen, seenUpTo } from './feed-state.ts';
import { erasedKey, teamsOfKey } from './keys.ts';
import { actorOf, type Outcome, type Rule, type TeamEventType, timeOf } from './rule.ts';
import { readSeats } from './seats.ts';
import { ownersOf, type Team } from './team.ts';
import { type KeptTeam, readTeam, writesBetween } from './team-state.ts';

/**
 * The handler of an event that a rule decides. Events of a team come in order, one after the other (the topic is ordered by
 * key), so that what is read here is still so when it is written; only an erasure may run beside it.
 */
export const ofTeam =
  <Type extends TeamEventType>(rule: Rule<Type>): EventHandler<Type> =>
  async (event, { redis }) => {
    const { teamId } = event.payload;
    const users = concernedBy(event);
    const [known, erased] = await Promise.all([readTeam(redis, teamId), isAnyErased(redis, users)]);
    // Under way when the user was deleted: nothing of them comes back.
    if (erased) return undefined;
    if (known.dissolvedAt !== undefined) {
      throw new PermanentError(
        'RULE_VIOLATED',
        `Team ${teamId} was dissolved on ${known.dissolvedAt}, when nobody was left to own it; anybody may create another one.`,
      );
    }
    const outcome = rule(
      event,
      known.team,
      await readSeats(redis, known.team === undefined ? [] : ownersOf(known.team)),
    );
    return outcome === undefined ? undefined : effectOf(event, known, outcome, await readUserNames(redis, users));
  };

/** The users an event names as actor, owner or member. */
const concernedBy = (event: EventOf<TeamEventType>): string[] => {
  const { payload } = event;
  const subjects = [
    ...('userId' in payload ? [payload.userId] : []),
    ...('ownerId' in payload ? [payload.ownerId] : []),
  ];
  return [...new Set([actorOf(event), ...subjects])];
};

const isAnyErased = async (redis: Redis, users: readonly string[]): Promise<boolean> =>
  (await Promise.all(users.map((userId) => redis.exists(erasedKey(userId))))).some((count) => count > 0);

const effectOf = (
  event: EventOf<TeamEventType>,
  { team: before, stored, entries }: KeptTeam,
  { team, entry, audit, told }: Outcome,
  nameOf: (userId: string) => string,
): Effect => {
  const { teamId } = team;
  const number = entries + 1;
  const { eventType: type } = event;
  const at = new Date(timeOf(event)).toISOString();
  // Those who have just left are to see it as well.
  const everybody = new Set([...team.members.keys(), ...(before?.members.keys() ?? [])]);
  return {
    events: [
      ...(audit === undefined ? [] : [audited({ tenantId: teamId, actor: entry.actor, action: type, at, ...audit })]),
      ...(told?.(nameOf) ?? []),
    ],
    // What happened is read from the feed: a copy in the stream of each member would outlive its author's erasure.
    updates: [...everybody].map((userId) => ({ userId, type, data: { teamId, entry: number } })),
    crossKeyWrites: newlyNamed(before, team, entry.actor).map((userId) => ({
      name: 'teams',
      owner: userId,
      writes: [['SADD', teamsOfKey(userId), teamId]],
    })),
    writes: [
      ...writesBetween(stored, team),
      ...entryWrites(teamId, number, { type, at, ...entry }),
      ...seenWrites(before, team, entry.actor, number),
    ],
  };
};

/** Users named by the team or its feed from now on, by whom their erasure finds it. */
const newlyNamed = (before: Team | undefined, after: Team, actor: string): string[] =>
  [...new Set([actor, ...after.members.keys()])].filter((userId) => !before?.members.has(userId));

/** New members have nothing to catch up with, the actor knows, and those who left are not counted for. */
const seenWrites = (before: Team | undefined, after: Team, actor: string, number: number): RedisCommand[] => {
  const { teamId } = after;
  const isNew = (userId: string): boolean => !before?.members.has(userId);
  const fresh = [...after.members.keys()].filter(isNew);
  const gone = [...(before?.members.keys() ?? [])].filter((userId) => !after.members.has(userId));
  return [
    ...fresh.map((userId) => seenUpTo(teamId, userId, number)),
    ...(after.members.has(actor) && !isNew(actor) ? [ownEntrySeen(teamId, actor)] : []),
    ...gone.map((userId) => forgetSeen(teamId, userId)),
  ];
};
