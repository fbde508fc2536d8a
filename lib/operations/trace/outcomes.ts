import { topic as entryOf, isTopicName } from '../../catalog/index.ts';
import { positionOf } from '../../events/index.ts';
import { hashTag, markKey } from '../../stores/marks.ts';
import type { Redis } from '../../stores/redis.ts';
import type { Admin } from '../cluster.ts';
import type { SeenEvent } from './events.ts';

/**
 * - `done`: it took effect
 * - `dead-lettered`: this very record went to the dead-letter queue
 * - `read`: its consumer is past it and has left no mark: nobody works its type, or the mark has expired
 * - `waiting`: its consumer has not come to it
 */
export type OutcomeState = 'done' | 'dead-lettered' | 'read' | 'waiting';

/** What the consumer of a record made of it. */
export interface Outcome {
  readonly group: string;
  readonly state: OutcomeState;
  /** When, ISO 8601, UTC, as the mark tells by the time it has left; null where there is no mark. */
  readonly at: string | null;
}

const HOUR_MS = 3_600_000;

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
  return Promise.all(
    events.map(async (event): Promise<Outcome | undefined> => {
      const { topic, partition, offset, key, eventId } = event;
      if (!isTopicName(topic)) return undefined;
      const { consumerGroup: group, idempotencyHours } = entryOf(topic);
      const tag = hashTag(key === null || key === '' ? `${topic}/${partition}` : key);
      const [done, dead] = await Promise.all([
        eventId === null ? -2 : redis.pttl(markKey(tag, group, eventId)),
        redis.pttl(markKey(tag, group, `dead/${positionOf(event)}`)),
      ]);
      const madeAt = (left: number): string => new Date(Date.now() + left - idempotencyHours * HOUR_MS).toISOString();
      if (dead > 0) return { group, state: 'dead-lettered', at: madeAt(dead) };
      if (done > 0) return { group, state: 'done', at: madeAt(done) };
      const isPast = (committed.get(`${topic}/${partition}`) ?? -1) > offset;
      return { group, state: isPast ? 'read' : 'waiting', at: null };
    }),
  );
};

const offsetsOf = async (admin: Admin, group: string, topic: string): Promise<[place: string, offset: number][]> =>
  (await admin.fetchOffsets({ groupId: group, topics: [topic] })).flatMap(({ partitions }) =>
    partitions.map(({ partition, offset }): [string, number] => [`${topic}/${partition}`, Number(offset)]),
  );
