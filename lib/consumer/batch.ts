import type { Context } from 'aws-lambda';
import type { EventType, Topic } from '../catalog/index.ts';
import { messageOf, TransientError } from '../errors.ts';
import type { InboundRecord } from '../events/index.ts';
import { sideBySide } from '../side-by-side.ts';
import { areMarked } from '../stores/marks.ts';
import { type Connections, openConnections } from './connections.ts';
import { type Deadline, openDeadline } from './deadline.ts';
import { type Item, isUnfinished, itemOf, type Read, type Result } from './item.ts';
import { lanesOf } from './lanes.ts';
import { type MskEvent, type PartitionRecords, partitionsOf } from './msk-event.ts';
import { type Observation, openObservation } from './observation.ts';
import { traced } from './tracing.ts';

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
  readonly connect?: (topic: Topic<EventType>) => Connections;
}

/** What one invocation works with. */
export interface BatchPorts extends Connections {
  readonly topic: Topic<EventType>;
  readonly deadline: Deadline;
  readonly observation: Observation;
}

/** What tells one kind of consumer from another. */
export interface Consumption {
  /** Finds out what a record holds; it never throws. */
  readonly read: (record: InboundRecord, ports: BatchPorts) => Promise<Read>;
  /** Works the records that are not done yet and says of each what became of it; those it says nothing of are held. */
  readonly work: Work;
}

/** Works records and says of each what became of it. */
export type Work = (
  items: readonly Item[],
  ports: BatchPorts,
  became: (item: Item, result: Result) => void,
) => Promise<void>;

/** Works a batch lane by lane, lanes side by side. */
export const inLanes =
  (workLane: Work): Work =>
  (items, ports, became) =>
    sideBySide(lanesOf(items, ports.topic.ordering), LANES_AT_ONCE, (lane) => workLane(lane, ports, became));

/** Lanes of one batch that are worked at the same time. */
const LANES_AT_ONCE = 256;

/** Makes a Lambda handler of a topic; what it opens lives as long as the process. */
export const lambdaHandler = (
  topic: Topic<EventType>,
  consumption: Consumption,
  { connect = openConnections }: ConsumerOptions,
): LambdaHandler => {
  const observation = openObservation(topic);
  let connections: Connections | undefined;
  return async (event, context) => {
    observation.begin(context);
    const partitions = partitionsOf(event);
    connections ??= connect(topic);
    const deadline = openDeadline(context.getRemainingTimeInMillis());
    const ports: BatchPorts = { ...connections, topic, deadline, observation };
    try {
      return await traced(`## ${topic.name}`, () => workBatch(partitions, consumption, ports));
    } finally {
      deadline.release();
    }
  };
};

/** Reads the batch, skips what is done, works the rest, and says what is to be delivered again. */
const workBatch = async (
  partitions: readonly PartitionRecords[],
  { read, work }: Consumption,
  ports: BatchPorts,
): Promise<BatchResponse> => {
  const items = await Promise.all(
    partitions
      .flatMap(({ records }) => records)
      .map(async (record) => itemOf(record, await read(record, ports), ports.topic.consumerGroup)),
  );
  const results = new Map<Item, Result>(items.map((item) => [item, item.read === 'passed' ? 'skipped' : 'held']));
  const wanted = items.filter(({ read: found }) => found !== 'passed');
  const marked = await marksOf(wanted, ports);
  const open = wanted.filter((item, i) => {
    if (marked[i] === true) results.set(item, 'skipped');
    return marked[i] !== true;
  });
  await work(open, ports, (item, result) => results.set(item, result));
  ports.observation.finished(results);
  return { batchItemFailures: failuresOf(partitions, results) };
};

const marksOf = async (items: readonly Item[], { redis }: BatchPorts): Promise<readonly boolean[]> => {
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
