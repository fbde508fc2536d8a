import { setImmediate as turn } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { type Consumer, type Kafka, type KafkaRecord, recordsIn } from '../../kafka/index.ts';

/** What a poller tells its mapping. */
export interface PollerEvents {
  /** The group has (re)assigned partitions: what was fetched before is void, fetching starts at the group's offsets. */
  assigned(partitions: readonly number[]): void;
  /** Records of one partition, in order; the next fetch begins at `next`. */
  fetched(partition: number, records: readonly KafkaRecord[], next: number, highWatermark: number): void;
  /** A fetch of one partition brought nothing but what no consumer sees; the next one begins at `next`. */
  passed(partition: number, next: number, highWatermark: number): void;
  /** The consumer is out of the group and tries to get back. */
  detached(reason: string): void;
}

/** kafkajs's limits, and why they are what they are. */
const CONSUMER = {
  // A dead member holds up the group's next join this long: the least a broker allows by default (group.min.session.timeout.ms).
  sessionTimeout: 6_000,
  heartbeatInterval: 1_500,
  rebalanceTimeout: 10_000,
  // An answer comes as soon as there is a record; this is only how long a fetch without any is held, and so how late a
  // resumed partition or a stop is noticed.
  maxWaitTimeInMs: 250,
  minBytes: 1,
  maxBytesPerPartition: 1_048_576,
  maxBytes: 10_485_760,
  metadataMaxAge: 60_000,
  allowAutoTopicCreation: false,
  // Patience for a broker that restarts; after it kafkajs gives up and the loop below starts a new consumer.
  retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 8, restartOnFailure: async () => false },
} as const;

const RESTART_MS = 500;

/** Records handed on before the other mappings of this process have their turn. */
const RECORDS_A_TURN = 5_000;

/** One kafkajs consumer of one topic, kept alive: started again whenever it fails, until it is stopped. */
export class Poller {
  readonly #kafka: Kafka;
  readonly #topic: string;
  readonly #groupId: string;
  readonly #events: PollerEvents;
  #consumer: Consumer | undefined;
  #running = false;
  #opening: Promise<void> = Promise.resolve();
  #restart: NodeJS.Timeout | undefined;

  constructor(kafka: Kafka, topic: string, groupId: string, events: PollerEvents) {
    this.#kafka = kafka;
    this.#topic = topic;
    this.#groupId = groupId;
    this.#events = events;
  }

  /** Starts polling; returns at once, `assigned` tells when it is in the group. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#opening = this.#open();
  }

  /** Stops polling and leaves the group. */
  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#restart);
    const consumer = this.#consumer;
    this.#consumer = undefined;
    await consumer?.disconnect();
    await this.#opening;
  }

  pause(partition: number): void {
    this.#consumer?.pause([{ topic: this.#topic, partitions: [partition] }]);
  }

  resume(partition: number): void {
    this.#consumer?.resume([{ topic: this.#topic, partitions: [partition] }]);
  }

  /** Stops fetching, but stays in the group. Only between `assigned` and the end of the membership. */
  pauseAll(): void {
    this.#consumer?.pause([{ topic: this.#topic }]);
  }

  /** Leaves the group and joins it anew: fetching starts over at the group's offsets. */
  restart(reason: unknown): void {
    if (this.#consumer) this.#failed(this.#consumer, reason);
  }

  /** Commits offsets under the generation of this moment, without a retry. */
  async commit(offsets: ReadonlyMap<number, number>): Promise<void> {
    if (!this.#consumer) throw new Error('not in the group');
    const topic = this.#topic;
    await this.#consumer.commitOffsets(
      [...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) })),
    );
  }

  async #open(): Promise<void> {
    const consumer = this.#kafka.consumer({ ...CONSUMER, groupId: this.#groupId });
    this.#consumer = consumer;
    consumer.on('consumer.group_join', ({ payload }) => {
      if (consumer !== this.#consumer) return;
      const partitions = payload.memberAssignment[this.#topic] ?? [];
      // Pauses survive a rebalance in kafkajs, the buffers they were for do not.
      if (partitions.length > 0) consumer.resume([{ topic: this.#topic, partitions }]);
      this.#events.assigned(partitions);
    });
    consumer.on('consumer.end_batch_process', ({ payload }) => {
      // No handler sees a fetch without records.
      if (consumer !== this.#consumer || payload.batchSize > 0) return;
      this.#events.passed(payload.partition, Number(payload.lastOffset) + 1, Number(payload.highWatermark));
    });
    consumer.on('consumer.crash', ({ payload }) => this.#failed(consumer, payload.error));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [this.#topic], fromBeginning: true });
      if (consumer !== this.#consumer) return await consumer.disconnect();
      await consumer.run({
        autoCommit: false,
        eachBatch: async (payload) => {
          if (consumer !== this.#consumer) return;
          const { batch } = payload;
          const records = recordsIn(batch);
          for (let from = 0; from < records.length && consumer === this.#consumer; from += RECORDS_A_TURN) {
            if (from > 0) await turn();
            const part = records.slice(from, from + RECORDS_A_TURN);
            const isLast = from + RECORDS_A_TURN >= records.length;
            const next = Number(isLast ? batch.lastOffset() : part.at(-1)?.offset) + 1;
            this.#events.fetched(batch.partition, part, next, Number(batch.highWatermark));
          }
        },
      });
      // Stopped while joining: kafkajs then does not leave by itself.
      if (consumer !== this.#consumer) await consumer.disconnect();
    } catch (error) {
      this.#failed(consumer, error);
    }
  }

  #failed(consumer: Consumer, error: unknown): void {
    if (consumer !== this.#consumer || !this.#running) return;
    this.#consumer = undefined;
    this.#events.detached(messageOf(error));
    consumer.disconnect().catch(() => undefined);
    this.#restart = setTimeout(() => {
      this.#opening = this.#open();
    }, RESTART_MS);
  }
}
