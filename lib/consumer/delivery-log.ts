import type { EventType, Topic } from '../catalog/index.ts';
import { messageOf } from '../errors.ts';
import type { InboundRecord } from '../events/index.ts';
import { groupBy } from '../group-by.ts';
import {
  countRepaired,
  type Found,
  noteDelivery,
  type PartitionDelivery,
  type PartitionLog,
  reportLoss,
  statusesOf,
  UNKNOWN_RECORD,
} from '../idempotency/index.ts';
import { type Redis, reconnectedAt } from '../stores/redis.ts';
import { entryOf, type Item, type Result } from './item.ts';
import type { Observation } from './observation.ts';

/** What this process knows of the partitions that it was given records of. */
export interface DeliveryLog {
  readonly begin: (records: readonly InboundRecord[]) => Delivery;
}

/** The records of one invocation, partition by partition. */
export interface Delivery {
  /** What is known of a record's partition: what this process has seen of it last, until {@link statuses} has asked. */
  readonly logOf: (record: Pick<InboundRecord, 'topic' | 'partition'>) => PartitionLog;
  /**
   * Notes the delivery, and finds out what has become of its records before; one round trip.
   *
   * @throws the error of the Redis client when Redis cannot be reached
   */
  readonly statuses: (redis: Redis, items: readonly Item[]) => Promise<readonly Found[]>;
  /** Counts what took effect again, while a repair replays a partition. */
  readonly countRepaired: (redis: Redis, results: ReadonlyMap<Item, Result>) => Promise<void>;
}

/** After a reconnection the cache may be an older one for so long, milliseconds. */
const SUSPICIOUS_MS = 10 * 60 * 1_000;

/** Where this process has last seen a partition. */
interface Seen {
  readonly births: readonly number[];
  readonly last: number;
}

type Births = Pick<PartitionLog, 'births'>;

const isSameLife = (a: Births, b: Births): boolean => a.births.length === b.births.length;

const placeOf = ({ topic, partition }: Pick<InboundRecord, 'topic' | 'partition'>): string => `${topic}/${partition}`;

/** @param topic the consumed topic */
export const openDeliveryLog = (topic: Topic<EventType>, observation: Observation): DeliveryLog => {
  const seen = new Map<string, Seen>();

  /** The cache knows less than this process has told it, or lacks records since a connection to it was lost. */
  const isLost = (redis: Redis, delivery: PartitionDelivery, log: PartitionLog, known: Seen | undefined): boolean => {
    const isOlder =
      known !== undefined &&
      (log.births.length < known.births.length || (isSameLife(known, log) && log.before < known.last));
    if (isOlder) return true;
    const reconnected = reconnectedAt(redis);
    const isSuspicious = reconnected !== undefined && Date.now() - reconnected < SUSPICIOUS_MS;
    return isSuspicious && delivery.first > log.before + 1 && log.start === delivery.first && delivery.first > 0;
  };

  const note = async (redis: Redis, delivery: PartitionDelivery): Promise<PartitionLog> => {
    const before = seen.get(placeOf(delivery));
    const log = await noteDelivery(redis, delivery);
    if (isLost(redis, delivery, log, before)) {
      const delivered = Math.max(before?.last ?? -1, delivery.first - 1);
      const { topic: name, partition } = delivery;
      const loss = { topic: name, partition, known: log.before, delivered, at: new Date().toISOString() };
      observation.cacheLost(loss);
      await reportLoss(redis, loss);
    }
    const last = before !== undefined && isSameLife(before, log) ? Math.max(before.last, delivery.last) : delivery.last;
    seen.set(placeOf(delivery), { births: log.births, last });
    return log;
  };

  return {
    begin: (records) => {
      const groups = groupBy(records, placeOf);
      const logs = new Map(
        [...groups.keys()].map((place): [string, Mutable<PartitionLog>] => {
          const births = seen.get(place)?.births ?? [];
          return [place, { births, start: 0, first: 0, before: -1, repairedTo: 0 }];
        }),
      );
      const logOf: Delivery['logOf'] = (record) => {
        const log = logs.get(placeOf(record));
        if (log === undefined) throw new Error(`a record of ${placeOf(record)} is not of this delivery`);
        return log;
      };
      return {
        logOf,
        statuses: async (redis, items) => {
          const assumed = statusesOf(
            redis,
            topic,
            items.map((item) => entryOf(item)),
          );
          const changed = new Set<string>();
          const noted = [...groups].map(async ([place, group]) => {
            const log = logs.get(place);
            const found = await note(redis, deliveryOf(group));
            if (log === undefined) return;
            if (!isSameLife(log, found)) changed.add(place);
            Object.assign(log, found);
          });
          const [statuses] = await Promise.all([assumed, ...noted]);
          // Of a topic that was made again meanwhile, what was assumed is about other records; and whether the record that has
          // reserved an event is still to come is only known now.
          const again = items.filter((item, i) => changed.has(placeOf(item)) || statuses[i]?.status === 'reserved');
          if (again.length === 0) return statuses;
          const corrected = await statusesOf(
            redis,
            topic,
            again.map((item) => entryOf(item)),
          );
          return items.map((item, i) => {
            const place = again.indexOf(item);
            return (place < 0 ? statuses[i] : corrected[place]) ?? UNKNOWN_RECORD;
          });
        },
        countRepaired: async (redis, results) => {
          const repaired = [...results].flatMap(([item, result]) =>
            result === 'processed' && item.offset < item.log.repairedTo ? [item] : [],
          );
          await Promise.all(
            [...groupBy(repaired, placeOf).values()].map(async (group) => {
              const [first] = group;
              if (first === undefined) return;
              try {
                await countRepaired(redis, first.topic, first.partition, group.length);
              } catch (error) {
                // It is for the report only: the records are done.
                observation.logger.warn('repaired records were not counted', { reason: messageOf(error) });
              }
            }),
          );
        },
      };
    },
  };
};

type Mutable<Type> = { -readonly [Field in keyof Type]: Type[Field] };

/** @param group records of one partition, at least one */
const deliveryOf = (group: readonly InboundRecord[]): PartitionDelivery => {
  const ordered = [...group].sort((a, b) => a.offset - b.offset);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a delivery without records');
  return {
    topic: first.topic,
    partition: first.partition,
    first: first.offset,
    last: last.offset,
    firstTimestamp: first.timestamp,
    newestTimestamp: Math.max(...ordered.map(({ timestamp }) => timestamp)),
  };
};
