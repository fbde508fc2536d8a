import { partitionOf } from '../../lib/kafka/index.ts';
import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { type Part, partIn } from './counters.ts';
import type { Subject } from './keys.ts';
import { ON_TIME } from './parts.ts';
import {
  isCountable,
  KEPT_SECONDS,
  labelOf,
  minuteOf,
  PERIOD_NAMES,
  type PeriodName,
  startIn,
  startOf,
} from './periods.ts';
import { isDamage } from './readable.ts';

/**
 * Which counters were added to, so that a rollup finds them without looking through Redis. What is counted is noted before it
 * is counted, under the minute in which that happens: a generation. A scan that is late is in a new generation with its old
 * minute.
 */

/** Places over which the codes spread, each with a hash tag of its own. */
const SHARDS = 8;

/** What rollups of the product go by; tests have names of their own, which no rollup of the stack knows. */
export const ROLLUP = 'rollup';

const shardOf = (name: string, i: number): string => `${name}-${i}`;

/** The shards, by what their hash tags are made of. */
export const shardsOf = (name: string): readonly string[] => Array.from({ length: SHARDS }, (_, i) => shardOf(name, i));

/** Set of a shard's open generations. */
export const generationsKey = (owner: string): string => `analytics:touched:${hashTag(owner)}`;

/** Set of what is to be looked at, as {@link memberOf} writes it. */
export const touchedKey = (owner: string, generation: string): string => `${generationsKey(owner)}:${generation}`;

/** Hash of what was looked at, with the revision that was found: each is looked at once more, when nobody can be counting. */
export const seenKey = (owner: string, generation: string): string => `${touchedKey(owner, generation)}:seen`;

/** Counters that were added to: a subject's in a period, or in a part of it that came late. */
export interface Touched {
  readonly subject: Subject;
  readonly period: PeriodName;
  /** When the period began, milliseconds since 1970. */
  readonly start: number;
  readonly part: number;
}

/** The usual, a code in a minute, is written short: minute and id. All else begins with a `~`, as no minute does. */
export const memberOf = ({ subject: { kind, id }, period, start, part }: Touched): string => {
  const label = labelOf(period, start);
  return kind === 'code' && period === 'minute' && part === ON_TIME
    ? `${label}${id}`
    : `~${kind}/${period}/${part}/${label}/${id}`;
};

const LABEL_LENGTH = labelOf('minute', 0).length;

const OTHER = /^~(code|user)\/(minute|hour|day)\/(\d+)\/([^/]+)\/(.*)$/s;

/** What a member stands for; undefined for what {@link memberOf} has not written. */
export const touchedIn = (member: string): Touched | undefined => {
  if (!member.startsWith('~')) {
    const [label, id] = [member.slice(0, LABEL_LENGTH), member.slice(LABEL_LENGTH)];
    return unlessNever({ subject: { kind: 'code', id }, period: 'minute', start: minuteOf(label), part: ON_TIME });
  }
  const [, kind, name, part, label = '', id = ''] = OTHER.exec(member) ?? [];
  const period = PERIOD_NAMES.find((known) => known === name);
  if (period === undefined) return undefined;
  const subject: Subject = { kind: kind === 'user' ? 'user' : 'code', id };
  return unlessNever({ subject, period, start: startIn(period, label), part: Number(part) });
};

/** A label that is no time stands for nothing. */
const unlessNever = (touched: Touched): Touched | undefined => (Number.isNaN(touched.start) ? undefined : touched);

/** What a scan touches. The hour and the day of those that come on time are found by way of their minutes (rollup-work.ts). */
const touchedBy = ({ subject, scan: { at, now }, minutePart = ON_TIME }: Part): readonly Touched[] => {
  const minute: Touched = { subject, period: 'minute', start: startOf('minute', at), part: minutePart };
  if (isCountable('minute', at, now)) return [minute];
  return PERIOD_NAMES.flatMap((period): readonly Touched[] => {
    const part = partIn(period, at, now, minutePart);
    return period === 'minute'
      ? [minute]
      : part === ON_TIME
        ? []
        : [{ subject, period, start: startOf(period, at), part }];
  });
};

/** The shard that notes a subject. */
export const shardFor = (name: string, { id }: Subject): string => shardOf(name, partitionOf(Buffer.from(id), SHARDS));

/**
 * Notes that these counters are about to be added to; one round trip.
 *
 * @param now milliseconds since 1970
 */
export const touch = async (redis: Redis, name: string, parts: readonly Part[], now: number): Promise<void> => {
  const members = new Map<string, Set<string>>();
  for (const part of parts) {
    const shard = shardFor(name, part.subject);
    // Clocks differ: of a minute that has not begun here the rollup has to wait.
    const generation = labelOf('minute', Math.max(startOf('minute', now), startOf('minute', part.scan.at)));
    const key = `${shard} ${generation}`;
    const known = members.get(key) ?? new Set();
    members.set(key, known);
    for (const touched of touchedBy(part)) known.add(memberOf(touched));
  }
  await Promise.all(
    [...members].map(async ([key, set]) => {
      const [owner = '', generation = ''] = key.split(' ');
      const [notes, generations] = [touchedKey(owner, generation), generationsKey(owner)];
      const note = () =>
        Promise.all([
          redis.sadd(notes, ...set),
          redis.expire(notes, KEPT_SECONDS.touched),
          redis.sadd(generations, generation),
        ]);
      try {
        await note();
      } catch (error) {
        if (!isDamage(error)) throw error;
        await Promise.all([notes, generations].map((damaged) => forgetUnlessSet(redis, damaged)));
        await note();
      }
    }),
  );
};

/** What is no set at the key of one means nothing, and would keep every scan of the shard from being counted. */
const forgetUnlessSet = async (redis: Redis, key: string): Promise<void> => {
  if ((await redis.type(key)) !== 'set') await redis.del(key);
};
