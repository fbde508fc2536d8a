import { topic as entryOf, isTopicName } from '../../catalog/index.ts';
import { type RecordStatus, statusesOfRecords } from '../../idempotency/index.ts';
import type { Admin } from '../../kafka/index.ts';
import type { Redis } from '../../stores/redis.ts';
import type { SeenEvent } from './events.ts';

/**
 * - `done`: it took effect
 * - `dead-lettered`: this very record went to the dead-letter queue
 * - `read`: its consumer is past it and it has had no effect: its type is ignored, or Lambda gave it up
 * - `waiting`: its consumer has not come to it
 */
export type OutcomeState = 'done' | 'dead-lettered' | 'read' | 'waiting';

/** What the consumer of a record made of it. */
export interface Outcome {
  readonly group: string;
  readonly state: OutcomeState;
  /** Always null: the bookkeeping does not say when. Older versions did. */
  readonly at: string | null;
}

/** What became of each record, in the order given. */
export const outcomesOf = async (
  redis: Redis,
  admin: Admin,
  events: readonly SeenEvent[],
): Promise<readonly (Outcome | undefined)[]> => {
  const groups = [...new Set(events.map(({ topic }) => topic))].filter(isTopicName);
  const committed = new Map(
    (await Promise.all(groups.map((name) => offsetsOf(admin, entryOf(name).consumerGroup, name)))).flat(),
  );
  const known = events.flatMap((event) => {
    const { topic, partition, offset, owner: tag } = event;
    return isTopicName(topic) ? [{ event, record: { topic, partition, offset, tag } }] : [];
  });
  const statuses = await statusesOfRecords(
    redis,
    known.map(({ record }) => record),
  );
  const states = new Map(known.map(({ event }, i) => [event, STATES[statuses[i] ?? 'open']]));
  return events.map((event): Outcome | undefined => {
    const { topic, partition, offset } = event;
    if (!isTopicName(topic)) return undefined;
    const { consumerGroup: group } = entryOf(topic);
    const isPast = (committed.get(`${topic}/${partition}`) ?? -1) > offset;
    return { group, state: states.get(event) ?? (isPast ? 'read' : 'waiting'), at: null };
  });
};

const STATES: Readonly<Record<RecordStatus, OutcomeState | undefined>> = {
  applied: 'done',
  repeat: 'done',
  dead: 'dead-lettered',
  reserved: undefined,
  open: undefined,
};

const offsetsOf = async (admin: Admin, group: string, topic: string): Promise<[place: string, offset: number][]> =>
  (await admin.fetchOffsets({ groupId: group, topics: [topic] })).flatMap(({ partitions }) =>
    partitions.map(({ partition, offset }): [string, number] => [`${topic}/${partition}`, Number(offset)]),
  );
