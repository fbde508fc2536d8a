import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka, KafkaMessage } from 'kafkajs';
import type { Topic } from '../../catalog/index.ts';
import { messageOf, PermanentError } from '../../errors.ts';
import { Batcher } from './batcher.ts';
import { backoffMs, CHOICES } from './choices.ts';
import { Committer } from './committer.ts';
import { type CounterReport, Counters } from './counters.ts';
import { type DeliveryPort, deliver, type GivenUp } from './delivery.ts';
import { type EventSource, eventOf, exceedsPayload, frameBytes } from './event.ts';
import { FlowControl } from './flow.ts';
import { Ledger } from './ledger.ts';
import { CLUSTER_ARN, LIMITS } from './limits.ts';
import { failureMessage, type OnFailureDestination } from './on-failure.ts';
import { Poller } from './poller.ts';
import { type SourceRecord, sourceRecord } from './record.ts';
import { verdictOf } from './response.ts';

/** What a mapping needs of a catalog entry: tests bring entries of their own. */
export type MappedTopic = Pick<Topic, 'consumerGroup' | 'mapping' | 'partitions'> & { readonly name: string };

/** The function behind a mapping. */
export interface Target {
  /** Invocations at the same time, at most. */
  readonly concurrency: number;
  /** Runs one invocation, waiting for a free environment. Rejects only when the host is shutting down. */
  invoke(payload: Buffer): Promise<{
    readonly requestId: string;
    readonly statusCode: number;
    readonly functionError: string | undefined;
    readonly body: string;
  }>;
}

export type MappingState = 'starting' | 'running' | 'paused' | 'failed';

export interface MappingHealth {
  readonly topic: string;
  readonly group: string;
  readonly state: MappingState;
  /** Partitions with a batch in flight. */
  readonly inFlight: number;
  readonly detail: string;
}

export interface MappingOptions {
  readonly topic: MappedTopic;
  readonly brokers: readonly string[];
  readonly kafka: Kafka;
  readonly target: Target;
  readonly destination: OnFailureDestination;
  /** Takes what the destination can never take. */
  readonly lastResort: OnFailureDestination;
  /** One line for the host's log. */
  readonly log: (line: string) => void;
}

/** One membership of the group: from an assignment of partitions to the next, or to the end. */
interface Session {
  readonly ledger: Ledger;
  readonly committer: Committer;
  /** Aborted: nothing more is sent, what is in flight may still finish. */
  readonly draining: AbortController;
  /** Set: results no longer count. */
  abandoned: boolean;
}

/** Milliseconds a pause lets batches in flight finish before it leaves the group without them. */
const PAUSE_GRACE_MS = 10_000;

class Stopped extends Error {}

/** One event source mapping: polls a topic, invokes its function, commits what is done (rules: AWS's pages; gaps: choices.ts). */
export class Mapping {
  readonly counters = new Counters();
  readonly #options: MappingOptions;
  readonly #source: EventSource;
  readonly #batcher: Batcher;
  readonly #poller: Poller;
  readonly #flow: FlowControl;
  #session: Session | undefined;
  #state: MappingState = 'paused';
  #detail = '';
  /** Outstanding calls of the function: a batch that waits for its retry takes no place. */
  #invoking = 0;
  readonly #deliveries = new Set<Promise<void>>();
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: MappingOptions) {
    const { topic, kafka, brokers } = options;
    this.#options = options;
    this.#source = { topic: topic.name, eventSourceArn: CLUSTER_ARN, bootstrapServers: brokers.join(',') };
    this.#batcher = new Batcher({
      batchSize: topic.mapping.batchSize,
      windowMs: topic.mapping.batchingWindowSeconds * 1_000,
      batchBytes: LIMITS.payloadBytes - frameBytes(this.#source, 0),
      partitionBytes: frameBytes(this.#source, 1) - frameBytes(this.#source, 0),
    });
    this.#poller = new Poller(kafka, topic.name, topic.consumerGroup, {
      assigned: (partitions) => this.#assigned(partitions),
      fetched: (partition, messages, highWatermark) => this.#fetched(partition, messages, highWatermark),
      detached: (reason) => this.#detached(reason),
    });
    this.#flow = new FlowControl(this.#poller, this.#batcher, topic.mapping.batchSize);
  }

  get topic(): string {
    return this.#source.topic;
  }

  /** Starts polling, or goes on after {@link pause}, at the group's offsets. Does not wait for the group: see {@link health}. */
  resume(): Promise<void> {
    return this.#inTurn(async () => this.#resume());
  }

  #resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'starting';
    this.#detail = 'joining the group';
    this.#poller.start();
  }

  /**
   * Stops polling, lets batches in flight finish, commits, leaves the group.
   *
   * @param graceMs how long to wait for batches in flight; what is unfinished then is delivered again after resume
   */
  pause(graceMs: number = PAUSE_GRACE_MS): Promise<void> {
    return this.#inTurn(() => this.#pause(graceMs));
  }

  async #pause(graceMs: number): Promise<void> {
    if (this.#state === 'paused') return;
    this.#state = 'paused';
    this.#detail = 'leaving the group';
    clearTimeout(this.#timer);
    const session = this.#session;
    session?.draining.abort();
    this.#batcher.clear();
    await within(graceMs, Promise.allSettled([...this.#deliveries]));
    await within(1_000, session?.committer.flush() ?? Promise.resolve());
    this.#abandon();
    // A coordinator that does not answer must not hold up the stop: the group forgets the member after its session timeout.
    await within(2_000, this.#poller.stop());
    this.#detail = 'paused by request';
  }

  health(): MappingHealth {
    return {
      topic: this.topic,
      group: this.#options.topic.consumerGroup,
      state: this.#state,
      inFlight: this.#session?.ledger.inFlight ?? 0,
      detail: this.#detail,
    };
  }

  metrics(): { topic: string; group: string; KafkaMetrics: object } & CounterReport {
    const lags = this.#session?.committer.lags() ?? [];
    return {
      topic: this.topic,
      group: this.#options.topic.consumerGroup,
      ...this.counters.report(),
      KafkaMetrics: { MaxOffsetLag: Math.max(0, ...lags), SumOffsetLag: lags.reduce((sum, lag) => sum + lag, 0) },
    };
  }

  /** Pausing and resuming one after the other, however they are asked for. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(change);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #assigned(partitions: readonly number[]): void {
    if (this.#state === 'paused') return;
    this.#abandon();
    this.#flow.reset(partitions.length);
    this.#session = {
      ledger: new Ledger(),
      committer: new Committer((offsets) => this.#poller.commit(offsets), this.counters),
      draining: new AbortController(),
      abandoned: false,
    };
    this.#state = 'running';
    this.#detail = `${partitions.length} partition(s)`;
  }

  #detached(reason: string): void {
    if (this.#state === 'paused') return;
    this.counters.add('PollingErrorCount');
    this.#options.log(`${this.topic}: out of the group: ${reason}`);
    this.#abandon();
    this.#state = 'failed';
    this.#detail = reason;
  }

  /** Ends the session: its buffers and results are void. */
  #abandon(): void {
    const session = this.#session;
    this.#session = undefined;
    this.#batcher.clear();
    if (!session) return;
    session.abandoned = true;
    session.draining.abort();
    session.committer.abandon();
  }

  #fetched(partition: number, messages: readonly KafkaMessage[], highWatermark: number): void {
    const session = this.#session;
    if (!session || session.draining.signal.aborted) return;
    const records = messages.map((message) => sourceRecord(this.topic, partition, message));
    this.counters.add('PolledEventCount', records.length);
    session.committer.polled(partition, records[0]?.offset ?? 0, highWatermark);
    this.#batcher.push(partition, records, Date.now());
    this.#flow.filled(partition);
    this.#schedule();
  }

  /** Batches are cut after this turn of the event loop: by then all partitions of a fetch have been pushed. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    const session = this.#session;
    if (!session || session.draining.signal.aborted) return;
    clearTimeout(this.#timer);
    while (this.#invoking < this.#options.target.concurrency) {
      const batch = this.#batcher.take(Date.now());
      if (!batch) break;
      this.#deliver(batch, session);
    }
    const wait = this.#batcher.dueAt() - Date.now();
    if (wait > 0 && Number.isFinite(wait)) this.#timer = setTimeout(() => this.#dispatch(), wait);
  }

  #deliver(batch: readonly SourceRecord[], session: Session): void {
    const held = new Set(batch.map(({ partition }) => partition));
    session.ledger.open(batch);
    this.#flow.drained(held);
    const release = (partition: number) => {
      if (held.delete(partition)) this.#batcher.release(partition);
    };
    const delivery = deliver(batch, this.#port(session, release))
      .catch((error: unknown) => {
        if (!(error instanceof Stopped)) this.#options.log(`${this.topic}: ${messageOf(error)}`);
      })
      .finally(() => {
        this.#deliveries.delete(delivery);
        for (const partition of [...held]) release(partition);
        this.#schedule();
      });
    this.#deliveries.add(delivery);
  }

  #port(session: Session, release: (partition: number) => void): DeliveryPort {
    return {
      policy: this.#options.topic.mapping,
      invoke: (records) => this.#invoke(records, session),
      settle: (records) => {
        if (session.abandoned) return;
        for (const { partition, offset, finished } of session.ledger.settle(records)) {
          session.committer.reached(partition, offset);
          if (finished) release(partition);
        }
        this.#schedule();
      },
      giveUp: (records, why) => this.#giveUp(records, why, session),
      oversized: (record) => exceedsPayload(this.#source, record),
      wait: (milliseconds) => pauseFor(milliseconds, session.draining.signal),
      stopped: () => session.draining.signal.aborted,
      now: Date.now,
    };
  }

  async #invoke(records: readonly SourceRecord[], session: Session): ReturnType<DeliveryPort['invoke']> {
    this.#invoking += 1;
    try {
      const { target } = this.#options;
      const { requestId, statusCode, functionError, body } = await target.invoke(
        Buffer.from(eventOf(this.#source, records)),
      );
      const end = { requestId, statusCode, functionError: functionError ?? null };
      const outcome =
        functionError === undefined && statusCode === 200
          ? verdictOf(body, this.topic, records)
          : ({ kind: 'error' } as const);
      if (outcome.kind === 'malformed') this.#options.log(`${this.topic}: ${outcome.reason} (request ${requestId})`);
      if (outcome.kind === 'error') this.counters.add('InvokeErrorCount');
      const failed = outcome.kind === 'success' ? 0 : outcome.kind === 'partial' ? outcome.failed.size : records.length;
      this.counters.add('InvokedEventCount', records.length);
      this.counters.add('FailedInvokeEventCount', failed);
      return { outcome, end };
    } catch (error) {
      // Only the end of the host rejects an invocation; the batch was not delivered.
      session.draining.abort();
      throw new Stopped(messageOf(error));
    } finally {
      this.#invoking -= 1;
      this.#schedule();
    }
  }

  async #giveUp(records: readonly SourceRecord[], why: GivenUp, session: Session): Promise<void> {
    for (const record of records) {
      const message = failureMessage(this.#source, record, why, Date.now());
      for (let attempt = 1; ; attempt += 1) {
        if (session.abandoned) throw new Stopped();
        try {
          await this.#options.destination.deliver(message);
          this.counters.add('OnFailureDestinationDeliveredEventCount');
          break;
        } catch (error) {
          this.counters.add('OnFailureDestinationDeliveryErrorCount');
          this.#options.log(`${this.topic}: ${messageOf(error)}`);
          if (error instanceof PermanentError) {
            await this.#options.lastResort.deliver(message);
            this.counters.add('DroppedEventCount');
            break;
          }
          await pauseFor(backoffMs(attempt, CHOICES.destinationBackoff), session.draining.signal);
          if (session.draining.signal.aborted) throw new Stopped();
        }
      }
    }
  }
}

const pauseFor = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
};

const within = async (milliseconds: number, work: Promise<unknown>): Promise<void> => {
  const timer = new AbortController();
  await Promise.race([work, pauseFor(milliseconds, timer.signal)]).finally(() => timer.abort());
};
