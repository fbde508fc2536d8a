import type { Context } from 'aws-lambda';
import { topic as entryOf, type TopicName } from '../catalog/index.ts';
import { messageOf, TransientError } from '../errors.ts';
import type { InboundRecord } from '../events/index.ts';
import { areMarked } from '../stores/marks.ts';
import { type Connections, openConnections } from './connections.ts';
import { openDeadline } from './deadline.ts';
import { routesOf } from './dispatch.ts';
import type { Handlers } from './effect.ts';
import { type Item, isUnfinished, itemOf, type Result, strangeType } from './item.ts';
import { lanesOf, sideBySide } from './lanes.ts';
import { type MskEvent, type PartitionRecords, partitionsOf } from './msk-event.ts';
import { openObservation } from './observation.ts';
import { traced } from './tracing.ts';
import { type Dispatch, type WorkerPorts, workRecord } from './worker.ts';

/** A record that is to be delivered again (Lambda Developer Guide, page kafka-retry-configurations). */
export interface BatchItemFailure {
  readonly itemIdentifier: {
    /** `TOPIC-PARTITION`. */
    readonly partition: string;
    readonly offset: number;
  };
}

/** The answer to an event source mapping with ReportBatchItemFailures. */
export interface BatchResponse {
  readonly batchItemFailures: readonly BatchItemFailure[];
}

/** The `handler` of a Lambda function. */
export type LambdaHandler = (event: MskEvent, context: Context) => Promise<BatchResponse>;

export interface ConsumerOptions {
  /** Opens what the harness talks to; by the environment unless given. */
  readonly connect?: (topic: ReturnType<typeof entryOf>) => Connections;
}

/** Lanes of one batch that are worked at the same time. */
const LANES_AT_ONCE = 64;

/**
 * Makes the Lambda handler of a topic: everything that handlers need and that is not domain code.
 *
 * Records of a partition are worked in order (or those of a key, where the catalog says so), partitions side by side. What
 * was done before is skipped. A permanent failure goes to the dead-letter queue; after a transient one the record and every
 * later one of its partition are reported as batch item failures.
 *
 * @param name the consumed topic
 * @param handlers one for each of the topic's event types
 * @returns the handler; it throws TransientError REDIS_UNAVAILABLE when the work cannot be begun, and nothing else
 */
export const createConsumer = <Name extends TopicName>(
  name: Name,
  handlers: Handlers<Name>,
  { connect = openConnections }: ConsumerOptions = {},
): LambdaHandler => {
  const topic = entryOf(name);
  const observation = openObservation(topic);
  const routes = routesOf(handlers);
  let connections: Connections | undefined;

  return async (event, context) => {
    observation.begin(context);
    const partitions = partitionsOf(event);
    connections ??= connect(topic);
    const { redis } = connections;
    const deadline = openDeadline(context.getRemainingTimeInMillis());
    const dispatch: Dispatch = async (read, item) => {
      const route = routes.get(read.eventType);
      if (route === undefined) throw strangeType(topic.name, read.eventType);
      const { remainingMs, signal } = deadline;
      return route(read, {
        redis,
        remainingMs,
        signal,
        tag: item.tag,
        // Made when it is asked for: a logger costs more than the rest of what the harness does for a record.
        get logger() {
          return observation.of(item);
        },
      });
    };
    const ports = { ...connections, topic, dispatch, deadline, observation };
    try {
      return await traced(`## ${topic.name}`, () => workBatch(partitions, ports));
    } finally {
      deadline.release();
    }
  };
};

/** Reads the batch, skips what is done, works the rest lane by lane, and says what is to be delivered again. */
const workBatch = async (partitions: readonly PartitionRecords[], ports: WorkerPorts): Promise<BatchResponse> => {
  const items = await Promise.all(
    partitions.flatMap(({ records }) => records).map((record) => readItem(record, ports)),
  );
  const results = new Map<Item, Result>(items.map((item) => [item, 'held']));
  const marked = await marksOf(items, ports);
  /** Done in this very batch: the same event may be in it twice. */
  const done = new Set<string>();
  for (const [i, item] of items.entries()) if (marked[i] === true) results.set(item, 'skipped');
  const open = items.filter((item) => results.get(item) === 'held');

  await sideBySide(lanesOf(open, ports.topic.ordering), LANES_AT_ONCE, async (lane) => {
    for (const item of lane) {
      const isRepeat = item.doneMark !== undefined && done.has(item.doneMark);
      const result = isRepeat ? 'skipped' : await workRecord(item, ports);
      results.set(item, result);
      if (result === 'done' && item.doneMark !== undefined) done.add(item.doneMark);
      // What follows in the lane must not overtake it.
      if (isUnfinished(result)) return;
    }
  });
  ports.observation.finished(results);
  return { batchItemFailures: failuresOf(partitions, results) };
};

const readItem = async (record: InboundRecord, { topic, publisher }: WorkerPorts): Promise<Item> => {
  try {
    const event = await publisher.codec.decode(record);
    const isOwn = Object.hasOwn(topic.events, event.eventType);
    return itemOf(record, isOwn ? { event } : { error: strangeType(topic.name, event.eventType) }, topic.consumerGroup);
  } catch (error) {
    return itemOf(record, { error }, topic.consumerGroup);
  }
};

const marksOf = async (items: readonly Item[], { redis }: WorkerPorts): Promise<readonly boolean[]> => {
  try {
    return await areMarked(
      redis,
      items.map(({ doneMark, deadMark }) => (doneMark === undefined ? [deadMark] : [doneMark, deadMark])),
    );
  } catch (error) {
    throw new TransientError(
      'REDIS_UNAVAILABLE',
      `The batch cannot be begun: Redis does not answer (${messageOf(error)})`,
      {
        next: 'Check that Redis is up: ./stream-manager.sh health',
        cause: error,
      },
    );
  }
};

/**
 * Of each partition its first unfinished record and every later one: whether Lambda holds back what follows a reported
 * record is not documented, and order must hold. What was done among them is skipped by its mark.
 */
const failuresOf = (
  partitions: readonly PartitionRecords[],
  results: ReadonlyMap<Item, Result>,
): BatchItemFailure[] => {
  const unfinished = new Map<string, number>();
  for (const [{ topic, partition, offset }, result] of results) {
    if (!isUnfinished(result)) continue;
    const id = `${topic}-${partition}`;
    unfinished.set(id, Math.min(offset, unfinished.get(id) ?? offset));
  }
  return partitions.flatMap(({ id, records }) =>
    records
      .filter(
        ({ topic, partition, offset }) =>
          offset >= (unfinished.get(`${topic}-${partition}`) ?? Number.POSITIVE_INFINITY),
      )
      .map(({ offset }) => ({ itemIdentifier: { partition: id, offset } })),
  );
};
