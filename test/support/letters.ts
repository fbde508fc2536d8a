import { topic } from '../../lib/catalog/index.ts';
import {
  type BatchResponse,
  type Connections,
  createRecordConsumer,
  type MskEvent,
  openConnections,
  type RecordHandler,
} from '../../lib/consumer/index.ts';
import type { RawRecord } from '../../lib/events/index.ts';
import type { Settings } from '../../lib/settings.ts';
import { newPartition } from './bookkeeping.ts';
import { contextFor } from './delivery.ts';

const QUEUE = 'dead-letter-queue';

/** Records of the dead-letter queue as an event source mapping delivers them. */
export const queueBatch = (records: readonly Omit<RawRecord, 'topic'>[]): MskEvent => {
  const [partition, first] = [newPartition(), Math.floor(Math.random() * 1e6)];
  return {
    eventSource: 'aws:kafka',
    records: {
      [`${QUEUE}-${partition}`]: records.map(({ key, value, headers }, i) => ({
        topic: QUEUE,
        partition,
        offset: first + i,
        timestamp: Date.now(),
        key: key?.toString('base64') ?? null,
        value: value?.toString('base64') ?? null,
        headers: headers.map(([name, content]) => ({ [name]: [...content] })),
      })),
    },
  };
};

/** The consumer of the queue, on the real stores and broker. */
export interface QueueDelivery {
  readonly connections: Connections;
  /** Delivers a batch; with something of the connections replaced, for what fails. */
  deliver(batch: MskEvent, others?: Partial<Connections>): Promise<BatchResponse>;
}

export const deliveryToQueue = (settings: Settings, handler: RecordHandler): QueueDelivery => {
  const connections = openConnections(topic(QUEUE), settings);
  return {
    connections,
    deliver: (batch, others = {}) =>
      createRecordConsumer(QUEUE, handler, { connect: () => ({ ...connections, ...others }) })(
        batch,
        contextFor(QUEUE),
      ),
  };
};
