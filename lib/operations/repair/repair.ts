import { TOPIC_NAMES } from '../../catalog/index.ts';
import { groupBy } from '../../group-by.ts';
import {
  beginRepair,
  type CacheLoss,
  endRepair,
  forgetLosses,
  forgetRepair,
  knowledgeOf,
  rememberRepair,
} from '../../idempotency/index.ts';
import type { Settings } from '../../settings.ts';
import { sideBySide } from '../../side-by-side.ts';
import { type Redis, reconnectedAt } from '../../stores/redis.ts';
import { commitFor } from '../backup/commit.ts';
import type { OnProgress } from '../backup/index.ts';
import { deadLetterEnds, deadLetteredSince } from './dead-lettered.ts';
import { planRepair, type RepairPlan, type RepairRequest } from './plan.ts';
import { type OnReplayed, replayed } from './replay.ts';
import { type Gap, type Rewind, replayedBy } from './rewind-plan.ts';
import { emptyCache, fillCache, type Snapshot } from './snapshot.ts';

/** Runs work while no mapping polls, and lets them go on whatever happens. */
export type WhilePaused = <Result>(work: () => Promise<Result>) => Promise<Result>;

export interface RepairOptions {
  readonly whilePaused: WhilePaused;
  /** The backup of a request that names one. */
  readonly snapshot?: Snapshot | undefined;
  readonly onKeys: OnProgress;
  readonly onReplayed: OnReplayed;
  /** Ends the wait for the replay; what is begun before that is finished. */
  readonly signal: AbortSignal;
}

export interface RepairedTopic {
  readonly topic: string;
  readonly group: string;
  /** Offsets that were passed again. */
  readonly replayed: number;
  /** Records that took effect again: what they did had been lost. */
  readonly appliedAgain: number;
  /** Records of the topic that were dead-lettered meanwhile. */
  readonly deadLettered: number;
}

export interface Repaired {
  readonly topics: readonly RepairedTopic[];
  readonly gaps: readonly Gap[];
  /** Keys that were put back from the backup. */
  readonly keys: number;
  /** Whether the connection to the cache was lost meanwhile: it may have lost its end once more. */
  readonly isUnsure: boolean;
}

const GROUPS_AT_ONCE = 4;

/**
 * Repairs a loss in the cache: what it knows of an owner, and what took effect there, lie together, so records whose effect
 * is there are skipped when they are replayed, and those whose effect is lost take effect again.
 *
 * Interrupted, it continues when it is called again.
 *
 * @throws StreamError as `planRepair`, `commitFor` and `replayed`, and what pauses the mappings
 */
export const repairCache = async (
  settings: Settings,
  redis: Redis,
  request: RepairRequest,
  options: RepairOptions,
): Promise<Repaired> => {
  const { whilePaused, snapshot, onKeys, onReplayed, signal } = options;
  const lettersBefore = await deadLetterEnds(settings);
  const reconnectedBefore = reconnectedAt(redis);
  const { plan, keys } = await whilePaused(() => rewound(settings, redis, request, { snapshot, onKeys }));
  await replayed(settings, redis, plan.rewinds, onReplayed, signal);
  const topics = await reportOf(redis, plan, await deadLetteredSince(settings, lettersBefore));
  const isUnsure = reconnectedAt(redis) !== reconnectedBefore;
  await Promise.all(plan.reached.map((one) => endRepair(redis, one)));
  if (!isUnsure) await forgetLosses(redis, (loss) => isMended(plan, loss));
  await forgetRepair(redis);
  return { topics, gaps: plan.gaps, keys, isUnsure };
};

/** What was noticed after the groups were rewound by an earlier call may be another loss. */
const isMended = ({ reached, continued, isWaiting }: RepairPlan, { topic, partition, at }: CacheLoss): boolean =>
  reached.some((one) => one.topic === topic && one.partition === partition) &&
  (!isWaiting || continued === undefined || at < continued.begunAt);

/** Planned once more: groups have moved on while an operator read the plan. */
const rewound = async (
  settings: Settings,
  redis: Redis,
  request: RepairRequest,
  { snapshot, onKeys }: Pick<RepairOptions, 'snapshot' | 'onKeys'>,
): Promise<{ plan: RepairPlan; keys: number }> => {
  const plan = await planRepair(settings, redis, request);
  if (plan.isWaiting) return { plan, keys: 0 };
  const repair = {
    begunAt: plan.continued?.begunAt ?? new Date().toISOString(),
    ...(plan.since === undefined ? {} : { since: plan.since }),
    ...('backup' in request ? { backup: request.backup.id } : {}),
  };
  if (snapshot !== undefined) await emptyCache(redis);
  await rememberRepair(redis, { ...repair, isRewound: false });
  const keys = snapshot === undefined ? 0 : await fillCache(redis, snapshot, onKeys);
  // A backup may hold a repair that was under way when it was made.
  if (snapshot !== undefined) await rememberRepair(redis, { ...repair, isRewound: false });
  await Promise.all(plan.reached.map((one) => beginRepair(redis, one, one.upTo)));
  const groups = groupBy(plan.rewinds, ({ group }) => group);
  await sideBySide([...groups], GROUPS_AT_ONCE, ([group, rewinds]) => commitFor(settings, group, commitsOf(rewinds)));
  await rememberRepair(redis, { ...repair, isRewound: true });
  return { plan, keys };
};

const commitsOf = (rewinds: readonly Rewind[]) =>
  rewinds.filter(({ from, to }) => from !== to).map(({ topic, partition, to }) => ({ topic, partition, offset: to }));

const reportOf = async (
  redis: Redis,
  { rewinds }: RepairPlan,
  letters: ReadonlyMap<string, number>,
): Promise<readonly RepairedTopic[]> => {
  const knowledge = await knowledgeOf(redis, rewinds);
  const again = new Map(rewinds.map((one, i) => [one, knowledge[i]?.appliedAgain ?? 0]));
  const sum = (of: readonly Rewind[], count: (one: Rewind) => number): number =>
    of.reduce((total, one) => total + count(one), 0);
  return [...groupBy(rewinds, ({ topic }) => topic)]
    .map(([topic, own]) => ({
      topic,
      group: own[0]?.group ?? '',
      replayed: sum(own, replayedBy),
      appliedAgain: sum(own, (one) => again.get(one) ?? 0),
      deadLettered: letters.get(topic) ?? 0,
    }))
    .sort((a, b) => TOPIC_NAMES.indexOf(a.topic) - TOPIC_NAMES.indexOf(b.topic));
};
