import {
  type CacheLoss,
  type CacheRepair,
  knowledgeOf,
  type PartitionKnowledge,
  readLosses,
  readRepair,
} from '../../idempotency/index.ts';
import type { Settings } from '../../settings.ts';
import { mastersOf, type Redis } from '../../stores/redis.ts';
import { withAdmin } from '../cluster.ts';
import { readSpans, type Span } from '../read-spans.ts';
import { withRedis } from '../with-redis.ts';
import { type GroupPosition, groupPositions } from './group-positions.ts';

/** A partition whose group has gone past what the cache knows to have been delivered. */
export type Unknown = Pick<GroupPosition, 'topic' | 'partition' | 'committed'> & { readonly high: number };

/** What speaks for a loss in the cache. */
export interface CacheCheck {
  /** Losses that functions have noticed, and no repair has mended. */
  readonly losses: readonly CacheLoss[];
  readonly unknown: readonly Unknown[];
  /** It knows of next to no delivery, although groups have processed records. */
  readonly isGone: boolean;
  /** A repair that was begun and not ended. */
  readonly repair: CacheRepair | undefined;
}

/** Whether nothing speaks for a loss. */
export const isWhole = ({ losses, unknown, isGone, repair }: CacheCheck): boolean =>
  losses.length === 0 && unknown.length === 0 && !isGone && repair === undefined;

/** Partitions on which a group has committed more than the cache knows, although no operator has put it there. */
export const unknownOf = (
  positions: readonly GroupPosition[],
  knowledge: readonly Pick<PartitionKnowledge, 'high'>[],
): readonly Unknown[] =>
  positions.flatMap(({ topic, partition, begin, committed, isMovedByHand }, i) => {
    const high = knowledge[i]?.high ?? -1;
    // Nothing can have been delivered where Kafka has had no record since.
    const isBehind = !isMovedByHand && committed > Math.max(high + 1, high < 0 ? begin : 0);
    return isBehind ? [{ topic, partition, committed, high }] : [];
  });

/** Those that hold a record the cache should know: what holds only marks of transactions was not delivered to anybody. */
const withRecords = async (
  settings: Settings,
  unknown: readonly Unknown[],
  positions: readonly GroupPosition[],
): Promise<readonly Unknown[]> => {
  const spans = unknown.map(({ topic, partition, committed, high }): Span & { deleted: boolean } => {
    const begin = positions.find((one) => one.topic === topic && one.partition === partition)?.begin ?? 0;
    const from = Math.max(high + 1, begin);
    return { topic, partition, from, end: committed, deleted: from >= committed };
  });
  const found = new Set<string>();
  await readSpans(
    settings,
    spans.filter(({ deleted }) => !deleted),
    async ({ topic, partition }, records) => {
      if (records.length > 0) found.add(`${topic}/${partition}`);
    },
  );
  return unknown.filter(({ topic, partition }, i) => spans[i]?.deleted === true || found.has(`${topic}/${partition}`));
};

/**
 * Looks whether the cache knows what its groups have processed.
 *
 * @throws BROKER_UNAVAILABLE, REDIS_UNAVAILABLE
 */
export const checkCache = async (settings: Settings): Promise<CacheCheck> =>
  withRedis(settings, async (redis) => {
    const [losses, repair, positions] = await Promise.all([
      readLosses(redis),
      readRepair(redis),
      withAdmin(settings, (admin) => groupPositions(admin)),
    ]);
    // A group commits after the cache was told: asked in this order, a healthy cache is never behind.
    const knowledge = await knowledgeOf(redis, positions);
    const suspects = unknownOf(positions, knowledge);
    const unknown = suspects.length === 0 ? [] : await withRecords(settings, suspects, positions);
    return { losses, repair, unknown, isGone: await isEmptied(redis, unknown, positions) };
  });

/**
 * Functions that go on have told it of a few partitions again. A cache that an older version has filled knows of no
 * partition, but has keys.
 */
const isEmptied = async (
  redis: Redis,
  unknown: readonly Unknown[],
  positions: readonly GroupPosition[],
): Promise<boolean> => {
  const forgotten = unknown.filter(({ high }) => high < 0).length;
  const used = positions.filter(({ begin, committed }) => committed > begin).length;
  return forgotten > 0 && forgotten >= MOST * used && (await sizeOf(redis)) < FEW_KEYS;
};

const sizeOf = async (redis: Redis): Promise<number> => {
  const sizes = await Promise.all((await mastersOf(redis)).map((master) => master.dbsize()));
  return sizes.reduce((sum, size) => sum + size, 0);
};

const MOST = 0.8;
/** What functions and servers write by themselves, without a record, and for the first records. */
const FEW_KEYS = 1_000;
