import type { Context } from 'aws-lambda';
import type { EventType, Topic } from '../catalog/index.ts';
import { messageOf, TransientError } from '../errors.ts';
import type { InboundRecord } from '../events/index.ts';
import { applyOnce, identityOf, UNKNOWN_RECORD } from '../idempotency/index.ts';
import { type Connections, openConnections } from './connections.ts';
import { failed } from './dead-letter.ts';
import { type Deadline, openDeadline } from './deadline.ts';
import { type Delivery, type DeliveryLog, openDeliveryLog } from './delivery-log.ts';
import { entryOf, eventOfItem, type Item, isUnfinished, type Read, type Result } from './item.ts';
import { tellNewOwners, tellOldOwners } from './moved-letters.ts';
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
  /** Of each owner, by hash tag: the version that this invocation has last heard of. */
  readonly versions: Map<string, string>;
}

/** Says what became of a record. */
export type Settle = (item: Item, result: Result) => void;

/**
 * Processes the records of a batch and says of each what became of it; those it says nothing of were not attempted.
 *
 * @param open those that are not settled, once that is known
 * @param all those that may be among them, known at once
 */
export type Process = (
  open: Promise<readonly Item[]>,
  ports: BatchPorts,
  settle: Settle,
  all: readonly Item[],
) => Promise<void>;

/** What tells one kind of consumer from another. */
export interface Consumption {
  /** Finds out what a record holds; it never throws. */
  readonly read: (record: InboundRecord, ports: BatchPorts) => Promise<Read>;
  readonly process: Process;
}

/** Makes a Lambda handler of a topic; what it opens lives as long as the process. */
export const lambdaHandler = (
  topic: Topic<EventType>,
  consumption: Consumption,
  { connect = openConnections }: ConsumerOptions,
): LambdaHandler => {
  const observation = openObservation(topic);
  const deliveries = openDeliveryLog(topic, observation);
  let connections: Connections | undefined;
  return async (event, context) => {
    observation.begin(context);
    const partitions = partitionsOf(event);
    connections ??= connect(topic);
    const deadline = openDeadline(context.getRemainingTimeInMillis());
    const ports: BatchPorts = { ...connections, topic, deadline, observation, versions: new Map() };
    try {
      return await traced(`## ${topic.name}`, () => processBatch(partitions, consumption, deliveries, ports));
    } finally {
      deadline.release();
    }
  };
};

/** Reads the batch, skips what is settled, processes the rest, and says what is to be delivered again. */
const processBatch = async (
  partitions: readonly PartitionRecords[],
  { read, process }: Consumption,
  deliveries: DeliveryLog,
  ports: BatchPorts,
): Promise<BatchResponse> => {
  const reads = await Promise.all(
    partitions.flatMap(({ records }) => records.map(async (record) => ({ record, read: await read(record, ports) }))),
  );
  const delivery = deliveries.begin(partitions.flatMap(({ records }) => records));
  const items = reads.map(
    ({ record, read: found }): Item => ({
      ...record,
      read: found,
      identity: identityOf(record, eventOfItem({ read: found })),
      log: delivery.logOf(record),
    }),
  );
  const results = new Map<Item, Result>(
    items.map((item) => [item, item.read.kind === 'ignored' ? 'skipped' : 'not-attempted']),
  );
  const settle: Settle = (item, result) => results.set(item, result);
  const wanted = items.filter(({ read: { kind } }) => kind !== 'ignored');
  const unsettled = openItems(wanted, delivery, ports, settle);
  const moved = unsettled.then((some) => tellNewOwners(some, ports));
  const open = Promise.all([unsettled, moved]).then(([some]) => some, cannotBegin);
  // Whoever waits for it hears of its failure.
  open.catch(() => undefined);
  await process(open, ports, settle, wanted);
  await tellOldOwners(await moved, results, ports);
  await delivery.countRepaired(ports.redis, results);
  ports.observation.finished(results);
  return { batchItemFailures: failuresOf(partitions, results) };
};

/** Those of the items that have not been settled before. */
const openItems = async (
  items: readonly Item[],
  delivery: Delivery,
  ports: BatchPorts,
  settle: Settle,
): Promise<readonly Item[]> => {
  const statuses = await delivery.statuses(ports.redis, items);
  await Promise.all(
    items.map(async (item, i) => {
      const { status, version, standsFor } = statuses[i] ?? UNKNOWN_RECORD;
      if (status === 'open') {
        ports.versions.set(item.identity.tag, version);
        if (standsFor !== undefined) item.identity.offsetElsewhere = standsFor;
      } else settle(item, status === 'repeat' || status === 'reserved' ? await markRepeat(item, ports) : 'skipped');
    }),
  );
  return items.filter((_, i) => (statuses[i]?.status ?? 'open') === 'open');
};

const cannotBegin = (error: unknown): never => {
  throw new TransientError(
    'REDIS_UNAVAILABLE',
    `The batch cannot be begun: Redis does not answer (${messageOf(error)})`,
    { next: 'Check that Redis is up: ./stream-manager.sh health', cause: error },
  );
};

/** A repeat of another record is settled by its own place as well: its event id is remembered for an hour only. */
const markRepeat = async (item: Item, ports: BatchPorts): Promise<Result> => {
  try {
    await applyOnce(ports.redis, ports.topic, item.identity.tag, [entryOf(item)]);
    return 'skipped';
  } catch (error) {
    return failed(item, error, ports);
  }
};

/**
 * Of each partition its first unfinished record and every later one: whether Lambda holds back what follows a reported
 * record is not documented, and order must hold. What was processed among them is skipped the next time.
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
