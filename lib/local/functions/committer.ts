import { backoffMs } from './choices.ts';
import type { Counters } from './counters.ts';
import { pauseFor } from './waiting.ts';

/** Sends offsets to the group's coordinator; rejects when it did not take them. */
export type Commit = (offsets: ReadonlyMap<number, number>) => Promise<void>;

/**
 * Commits what partitions have reached, one request at a time; what is reached meanwhile travels with the next one.
 * A failed commit is tried again until it succeeds or the session ends.
 */
export class Committer {
  readonly #commit: Commit;
  readonly #counters: Counters;
  #reached = new Map<number, number>();
  readonly #committed = new Map<number, number>();
  readonly #watermarks = new Map<number, number>();
  #running: Promise<void> | undefined;
  readonly #over = new AbortController();

  constructor(commit: Commit, counters: Counters) {
    this.#commit = commit;
    this.#counters = counters;
  }

  /** Records of a partition were fetched: the first offset of a session is where the group stands. */
  polled(partition: number, firstOffset: number, highWatermark: number): void {
    if (!this.#committed.has(partition)) this.#committed.set(partition, firstOffset);
    this.#watermarks.set(partition, highWatermark);
  }

  /** Everything of the partition before `offset` is done. */
  reached(partition: number, offset: number): void {
    if (this.#over.signal.aborted) return;
    this.#reached.set(partition, offset);
    this.#running ??= this.#run();
  }

  /** Resolves once everything reached so far is committed. */
  async flush(): Promise<void> {
    await this.#running;
  }

  /** The session is over: nothing more is committed. */
  abandon(): void {
    this.#over.abort();
  }

  /** Records of each partition that are not committed yet. */
  lags(): readonly number[] {
    return [...this.#watermarks].map(([partition, end]) => Math.max(0, end - (this.#committed.get(partition) ?? end)));
  }

  async #run(): Promise<void> {
    for (let failures = 0; this.#reached.size > 0 && !this.#over.signal.aborted; ) {
      const offsets = this.#reached;
      this.#reached = new Map();
      try {
        await this.#commit(offsets);
        failures = 0;
        this.#count(offsets);
      } catch {
        this.#counters.add('CommitErrorCount');
        this.#reached = new Map([...offsets, ...this.#reached]);
        failures += 1;
        await pauseFor(backoffMs(failures, { firstMs: 100, maximumMs: 1_000 }), this.#over.signal);
      }
    }
    // In the same turn as the last look at what is reached: later offsets start a new run.
    this.#running = undefined;
  }

  #count(offsets: ReadonlyMap<number, number>): void {
    for (const [partition, offset] of offsets) {
      this.#counters.add('CommittedEventCount', Math.max(0, offset - (this.#committed.get(partition) ?? offset)));
      this.#committed.set(partition, offset);
    }
  }
}
