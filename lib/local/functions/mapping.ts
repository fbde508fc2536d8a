import type { Topic } from '../../catalog/index.ts';
import type { Kafka, KafkaRecord } from '../../kafka/index.ts';
import { type CounterReport, Counters } from './counters.ts';
import { Dispatcher } from './dispatcher.ts';
import { CLUSTER_ARN } from './limits.ts';
import type { OnFailureDestination } from './on-failure.ts';
import { Poller } from './poller.ts';
import { sourceRecord } from './record.ts';
import { Session } from './session.ts';
import type { Target } from './target.ts';
import { within } from './waiting.ts';

/** What a mapping needs of a catalog entry: tests bring entries of their own. */
export type MappedTopic = Pick<Topic, 'consumerGroup' | 'mapping' | 'partitions'> & { readonly name: string };

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

/** Milliseconds a pause lets batches in flight finish before it leaves the group without them. */
const PAUSE_GRACE_MS = 10_000;

/** One event source mapping: polls a topic, invokes its function, commits what is done (rules: AWS's pages; gaps: choices.ts). */
export class Mapping {
  readonly counters = new Counters();
  readonly #options: MappingOptions;
  readonly #poller: Poller;
  readonly #dispatcher: Dispatcher;
  #session: Session | undefined;
  #state: MappingState = 'paused';
  #detail = '';
  #turn: Promise<void> = Promise.resolve();

  constructor(options: MappingOptions) {
    const { topic, kafka, brokers } = options;
    this.#options = options;
    this.#poller = new Poller(kafka, topic.name, topic.consumerGroup, {
      assigned: (partitions) => this.#assigned(partitions),
      fetched: (partition, records, next, highWatermark) => this.#fetched(partition, records, next, highWatermark),
      passed: (partition, next, highWatermark) => this.#session?.passed(partition, next, highWatermark),
      detached: (reason) => this.#detached(reason),
    });
    this.#dispatcher = new Dispatcher({
      ...options,
      source: { topic: topic.name, eventSourceArn: CLUSTER_ARN, bootstrapServers: brokers.join(',') },
      policy: topic.mapping,
      counters: this.counters,
      faucet: this.#poller,
      broken: (session, error) => this.#broken(session, error),
    });
  }

  get topic(): string {
    return this.#options.topic.name;
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
    const session = this.#session;
    session?.drain();
    // Still a member until the batches in flight are committed, but what it would fetch meanwhile is for nobody.
    if (session) this.#poller.pauseAll();
    this.#dispatcher.clear();
    await within(graceMs, this.#dispatcher.idle());
    await within(1_000, session?.flush() ?? Promise.resolve());
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
      inFlight: this.#session?.inFlight ?? 0,
      detail: this.#detail,
    };
  }

  metrics(): { topic: string; group: string; KafkaMetrics: object } & CounterReport {
    const lags = this.#session?.lags() ?? [];
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
    // Also while a pause lets batches finish: the partitions may be another member's now.
    this.#abandon();
    if (this.#state === 'paused') return;
    this.#session = new Session(
      (offsets) => this.#poller.commit(offsets),
      this.counters,
      (session, error) => this.#broken(session, error),
    );
    this.#dispatcher.begin(this.#session, partitions.length);
    this.#state = 'running';
    this.#detail = `${partitions.length} partition(s)`;
  }

  #detached(reason: string): void {
    this.#abandon();
    if (this.#state === 'paused') return;
    this.counters.add('PollingErrorCount');
    this.#options.log(`${this.topic}: out of the group: ${reason}`);
    this.#state = 'failed';
    this.#detail = reason;
  }

  /** What a batch held is still to be delivered: only the group's offsets know it, so polling starts again from them. */
  #broken(session: Session, error: unknown): void {
    if (session === this.#session) this.#poller.restart(error);
  }

  /** Ends the session: its buffers and results are void. */
  #abandon(): void {
    this.#session?.abandon();
    this.#session = undefined;
    this.#dispatcher.clear();
  }

  #fetched(partition: number, records: readonly KafkaRecord[], next: number, highWatermark: number): void {
    const session = this.#session;
    const [first, last] = [records[0], records.at(-1)];
    if (!first || !last || !session || session.draining.aborted) return;
    this.counters.add('PolledEventCount', records.length);
    session.polled(partition, { first: first.offset, last: last.offset, next, highWatermark });
    this.#dispatcher.push(
      partition,
      records.map((record) => sourceRecord(this.topic, partition, record)),
    );
  }
}
