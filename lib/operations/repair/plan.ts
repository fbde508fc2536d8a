import { TOPICS, type TopicName } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import { type CacheRepair, knowledgeOf, type Partition, readLosses, readRepair } from '../../idempotency/index.ts';
import type { Admin } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import type { Redis } from '../../stores/redis.ts';
import type { Manifest } from '../backup/index.ts';
import { withAdmin } from '../cluster.ts';
import { offsetsAt } from '../offsets.ts';
import { groupPositions, placeOf } from './group-positions.ts';
import { type Gap, planFromBackup, planSince, type RepairedPosition, type Rewind } from './rewind-plan.ts';

/** What is to be replayed. */
export type RepairRequest = { readonly topics?: readonly TopicName[] | undefined } & (
  | {
      /** What lies after this time, milliseconds since 1970. */
      readonly since: number;
    }
  | { readonly backup: Manifest }
);

export interface RepairPlan {
  /** The time it replays from, or undefined for a backup. A repair that was interrupted may have begun earlier. */
  readonly since: number | undefined;
  readonly rewinds: readonly Rewind[];
  readonly gaps: readonly Gap[];
  /** Every partition, and how far its group stands: up to there a repair that has ended leaves nothing unknown. */
  readonly reached: readonly (Partition & { readonly upTo: number })[];
  /** The repair that was interrupted, and goes on. */
  readonly continued: CacheRepair | undefined;
  /** Its groups are rewound, and nothing was lost since: what is left is to wait. */
  readonly isWaiting: boolean;
}

/** The time to replay from: an interrupted repair began so that it would be before the loss, and time has passed since. */
const sinceOf = (request: RepairRequest, interrupted: CacheRepair | undefined): number | undefined =>
  'since' in request ? Math.min(request.since, interrupted?.since ?? request.since) : undefined;

/** Whether a repair that was interrupted is this one. */
export const isSame = (request: RepairRequest, { since, backup }: CacheRepair): boolean =>
  'since' in request ? since !== undefined : backup === request.backup.id;

/** Its cache may be half of the backup's: what it says of itself is worth nothing. */
const isUnfinished = ({ begunAt, backup = '' }: CacheRepair): StreamError =>
  new StreamError('REFUSED', `A repair from backup ${backup}, begun at ${begunAt}, has not ended.`, {
    next: `Finish it: ./stream-manager.sh repair --from BACKUP --id ${backup}`,
  });

/** What a repair would do; changes nothing. @throws StreamError REFUSED while one from a backup has not ended */
export const planRepair = (settings: Settings, redis: Redis, request: RepairRequest): Promise<RepairPlan> =>
  withAdmin(settings, async (admin) => {
    const found = await readRepair(redis);
    const continued = found !== undefined && isSame(request, found) ? found : undefined;
    if (found !== undefined && continued === undefined && 'since' in request) throw isUnfinished(found);
    // What is left of one that was interrupted is left of all its topics.
    const topics = continued === undefined ? request.topics : undefined;
    const positions = await repairedPositions(admin, redis, topics);
    const since = sinceOf(request, continued);
    const reached = positions.map(({ topic, partition, committed, known: { repairedTo } }) => ({
      ...{ topic, partition },
      upTo: Math.max(committed, repairedTo),
    }));
    const isWaiting = continued?.isRewound === true && ('backup' in request || isUnderWay(continued, positions));
    const begun = { since, continued, reached, isWaiting };
    if (isWaiting) return { ...begun, gaps: [], rewinds: leftOf(positions) };
    if ('backup' in request) {
      const stored = storedOffsets(request.backup);
      return { ...begun, ...planFromBackup(positions, (position) => stored.get(placeOf(position))) };
    }
    const times = await timesOf(admin, positions, since ?? request.since);
    return { ...begun, ...planSince(positions, (position) => times.get(placeOf(position)) ?? null) };
  });

const repairedPositions = async (
  admin: Admin,
  redis: Redis,
  topics: readonly TopicName[] | undefined,
): Promise<readonly RepairedPosition[]> => {
  const positions = await groupPositions(admin, topics);
  const [knowledge, losses] = await Promise.all([knowledgeOf(redis, positions), readLosses(redis)]);
  const lost = new Map(losses.map((loss) => [placeOf(loss), loss]));
  const none = { high: -1, first: -1, repairedTo: 0, appliedAgain: 0 };
  return positions.map((position, i) => ({
    ...position,
    known: knowledge[i] ?? none,
    loss: lost.get(placeOf(position)),
  }));
};

/**
 * Whether the replay of a repair that was interrupted goes on. One that has come to its end meanwhile is done again: it may
 * be a later loss that is to be repaired now.
 */
const isUnderWay = ({ begunAt }: CacheRepair, positions: readonly RepairedPosition[]): boolean =>
  positions.some(({ committed, known }) => committed < known.repairedTo) &&
  positions.every(({ loss }) => loss === undefined || loss.at < begunAt);

const leftOf = (positions: readonly RepairedPosition[]): readonly Rewind[] =>
  positions.flatMap(({ topic, group, partition, committed, known: { repairedTo } }) =>
    repairedTo === 0
      ? []
      : [
          {
            topic,
            group,
            partition,
            from: committed,
            to: committed,
            upTo: repairedTo,
            note: 'replayed already in part',
          },
        ],
  );

const storedOffsets = ({ groups }: Manifest): ReadonlyMap<string, number> => {
  const own = new Map(TOPICS.map(({ name, consumerGroup }) => [`${consumerGroup}/${name}`, true]));
  return new Map(
    groups.flatMap(({ group, offsets }) =>
      offsets.flatMap((one): [string, number][] =>
        own.has(`${group}/${one.topic}`) ? [[placeOf(one), one.offset]] : [],
      ),
    ),
  );
};

const timesOf = async (
  admin: Admin,
  positions: readonly RepairedPosition[],
  since: number,
): Promise<ReadonlyMap<string, number | null>> => {
  const topics = [...new Set(positions.map(({ topic }) => topic))];
  const found = await Promise.all(
    topics.map(async (topic) =>
      [...(await offsetsAt(admin, topic, new Date(since)))].map(([partition, offset]): [string, number | null] => [
        placeOf({ topic, partition }),
        offset,
      ]),
    ),
  );
  return new Map(found.flat());
};
