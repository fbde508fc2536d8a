import { backoffMs } from './choices.ts';
import type { Counters } from './counters.ts';
import { pauseFor } from './waiting.ts';

/** Sends offsets to the group's coordinator; rejects when it did not take them. */
export type Commit = (offsets: ReadonlyMap<number, number>) => Promise<void>;

/** A group whose coordinator takes nothing for so long has lost this member, or the member the group; milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Commits what partitions have reached, one request at a time; what is reached meanwhile travels with the next one.
 * A failed commit is tried again until it succeeds, the session ends, or nothing has been taken for 30 s: then the group has
 * to be joined anew.
 */
export class Committer {
  readonly #commit: Commit;
  readonly #counters: Counters;
  readonly #lost: (error: unknown) => void;
  #reached = new Map<number, number>();
  readonly #committed = new Map<number, number>();
  readonly #watermarks = new Map<number, number>();
  #running: Promise<void> | undefined;
  readonly #over = new AbortController();

  /** @param lost called once, when commits have failed for too long; what was reached will be delivered again */
  constructor(commit: Commit, counters: Counters, lost: (error: unknown) => void) {
    this.#commit = commit;
    this.#counters = counters;
    this.#lost = lost;
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
    let since = Date.now();
    for (let failures = 0; this.#reached.size > 0 && !this.#over.signal.aborted; ) {
      const offsets = this.#reached;
      this.#reached = new Map();
      try {
        await this.#commit(offsets);
        failures = 0;
        since = Date.now();
        this.#count(offsets);
      } catch (error) {
        this.#counters.add('CommitErrorCount');
        if (Date.now() - since > PATIENCE_MS) {
          this.abandon();
          this.#lost(error);
        }
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
