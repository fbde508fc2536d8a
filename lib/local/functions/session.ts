import { type Commit, Committer } from './committer.ts';
import type { Counters } from './counters.ts';
import { Ledger } from './ledger.ts';
import { Positions } from './positions.ts';
import type { SourceRecord } from './record.ts';

/** Thrown where work ends because its session does: what it held is delivered again from the group's offsets. */
export class Stopped extends Error {}

/** Offsets of the records of a fetch, and what the broker said of the partition. */
export interface Polled {
  readonly first: number;
  readonly last: number;
  /** Where the next fetch begins. */
  readonly next: number;
  readonly highWatermark: number;
}

/**
 * One membership of the group, from an assignment of partitions to the next: what is in flight and how far it may be
 * committed. A session is first drained (nothing more is sent, what is in flight may still finish and count), then
 * abandoned (results no longer count); a rebalance abandons it at once.
 */
export class Session {
  readonly #ledger = new Ledger();
  readonly #positions = new Positions();
  readonly #committer: Committer;
  readonly #draining = new AbortController();
  #abandoned = false;

  /** @param lost called when the group has taken no offset for too long: it has to be joined anew */
  constructor(commit: Commit, counters: Counters, lost: (session: Session, error: unknown) => void) {
    this.#committer = new Committer(commit, counters, (error) => lost(this, error));
  }

  /** Aborted once nothing more may be sent. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  /** True once results no longer count. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  /** Partitions with a batch in flight. */
  get inFlight(): number {
    return this.#ledger.inFlight;
  }

  /** Records of each partition that are not committed yet. */
  lags(): readonly number[] {
    return this.#committer.lags();
  }

  /** Records of a partition were fetched, from `first` to `last`; the next fetch begins at `next`. */
  polled(partition: number, { first, last, next, highWatermark }: Polled): void {
    this.#committer.polled(partition, first, highWatermark);
    this.#positions.fetched(partition, last, next);
  }

  /** A fetch brought what no consumer sees, and no record; the next one begins at `next`. */
  passed(partition: number, next: number, highWatermark: number): void {
    if (this.#abandoned) return;
    this.#committer.polled(partition, next, highWatermark);
    const offset = this.#positions.passed(partition, next);
    if (offset !== undefined) this.#committer.reached(partition, offset);
  }

  /** A batch is on its way. */
  open(batch: readonly SourceRecord[]): void {
    this.#ledger.open(batch);
  }

  /**
   * Takes records that are done, and commits what they let be committed.
   *
   * @returns the partitions whose batch is done
   */
  settle(records: readonly SourceRecord[]): readonly number[] {
    if (this.#abandoned) return [];
    const moves = this.#ledger.settle(records);
    for (const { partition, offset } of moves) {
      this.#committer.reached(partition, this.#positions.done(partition, offset));
    }
    return moves.filter(({ finished }) => finished).map(({ partition }) => partition);
  }

  /** Resolves once everything settled so far is committed. */
  flush(): Promise<void> {
    return this.#committer.flush();
  }

  drain(): void {
    this.#draining.abort();
  }

  abandon(): void {
    this.#abandoned = true;
    this.#draining.abort();
    this.#committer.abandon();
  }
}
