import type { MappingSettings } from '../../catalog/index.ts';
import { Batcher } from './batcher.ts';
import { type DeliveryPort, deliver } from './delivery.ts';
import { type EventSource, exceedsPayload, frameBytes } from './event.ts';
import { type Faucet, FlowControl } from './flow.ts';
import { type GiveUpPort, giveUp } from './give-up.ts';
import { LIMITS } from './limits.ts';
import type { SourceRecord } from './record.ts';
import type { RetryPolicy } from './retries.ts';
import { type Session, Stopped } from './session.ts';
import { callTarget, type Target } from './target.ts';
import { pauseFor } from './waiting.ts';

export interface DispatcherOptions extends GiveUpPort {
  readonly source: EventSource;
  readonly policy: RetryPolicy &
    Pick<MappingSettings, 'batchSize' | 'batchingWindowSeconds' | 'reportBatchItemFailures'>;
  readonly target: Target;
  /** Where records come from, to be shut while enough are here. */
  readonly faucet: Faucet;
  /** A batch could be neither worked nor given up, for a reason nobody foresaw: its records are still to be delivered. */
  readonly broken: (session: Session, error: unknown) => void;
}

/** Between the poller and the function: buffers records, cuts batches, and has each delivered. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #batcher: Batcher;
  readonly #flow: FlowControl;
  readonly #deliveries = new Set<Promise<void>>();
  /** Outstanding calls of the function: a batch that waits for its retry takes no place. */
  #invoking = 0;
  #session: Session | undefined;
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DispatcherOptions) {
    const { source, policy, faucet } = options;
    this.#options = options;
    this.#batcher = new Batcher({
      batchSize: policy.batchSize,
      windowMs: policy.batchingWindowSeconds * 1_000,
      batchBytes: LIMITS.payloadBytes - frameBytes(source, 0),
      partitionBytes: frameBytes(source, 1) - frameBytes(source, 0),
    });
    this.#flow = new FlowControl(faucet, this.#batcher, policy.batchSize);
  }

  /** A session begins, with so many partitions and empty buffers. */
  begin(session: Session, partitions: number): void {
    this.clear();
    this.#flow.reset(partitions);
    this.#session = session;
  }

  /** Takes records of one partition, in order. */
  push(partition: number, records: readonly SourceRecord[]): void {
    this.#batcher.push(partition, records, Date.now());
    this.#flow.filled(partition);
    this.#schedule();
  }

  /** Forgets what was not sent yet. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#batcher.clear();
  }

  /** Resolves once no batch is in flight. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#deliveries]);
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
    if (!session || session.draining.aborted) return;
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
    session.open(batch);
    this.#flow.drained(held);
    const release = (partition: number) => {
      if (held.delete(partition)) this.#batcher.release(partition);
    };
    const delivery = deliver(batch, this.#port(session, release))
      .catch((error: unknown) => {
        // Before the partitions are released: their next records must not overtake these.
        if (!(error instanceof Stopped)) this.#options.broken(session, error);
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
      policy: this.#options.policy,
      invoke: (records) => this.#invoke(records),
      settle: (records) => {
        for (const partition of session.settle(records)) release(partition);
        this.#schedule();
      },
      giveUp: (records, why) => giveUp(records, why, session, this.#options),
      unsendable: (record) => {
        if (record.undecodable !== undefined) return 'UndecodableBatch';
        return exceedsPayload(this.#options.source, record) ? 'MaximumPayloadSizeExceeded' : undefined;
      },
      wait: (milliseconds) => pauseFor(milliseconds, session.draining),
      stopped: () => session.draining.aborted,
      now: Date.now,
    };
  }

  async #invoke(records: readonly SourceRecord[]): ReturnType<DeliveryPort['invoke']> {
    this.#invoking += 1;
    try {
      return await callTarget(records, this.#options);
    } finally {
      this.#invoking -= 1;
      this.#schedule();
    }
  }
}
