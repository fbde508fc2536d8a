import type { Batcher } from './batcher.ts';

const MIB = 1024 * 1024;

/** Bytes buffered by one mapping, shared by its partitions. */
const TOTAL_BYTES = 64 * MIB;
const PARTITION_BYTES = { least: 1 * MIB, most: 8 * MIB };
/** Records buffered of one partition: this many batches, but never fewer than a fetch brings. */
const BATCHES = 10;
const LEAST_RECORDS = 2_000;

/** What flow control does to a poller. */
export interface Faucet {
  pause(partition: number): void;
  resume(partition: number): void;
}

/**
 * Stops fetching a partition whose buffer is full and takes it up again at half: enough to keep the function busy for
 * the quarter of a second a resumed partition may wait for its next fetch.
 */
export class FlowControl {
  readonly #faucet: Faucet;
  readonly #batcher: Batcher;
  readonly #records: number;
  #bytes = PARTITION_BYTES.most;
  readonly #paused = new Set<number>();

  constructor(faucet: Faucet, batcher: Batcher, batchSize: number) {
    this.#faucet = faucet;
    this.#batcher = batcher;
    this.#records = Math.max(LEAST_RECORDS, BATCHES * batchSize);
  }

  /** New partitions, empty buffers, nothing paused. */
  reset(partitions: number): void {
    this.#paused.clear();
    this.#bytes = Math.min(
      PARTITION_BYTES.most,
      Math.max(PARTITION_BYTES.least, TOTAL_BYTES / Math.max(1, partitions)),
    );
  }

  /** After records were buffered. */
  filled(partition: number): void {
    if (this.#paused.has(partition) || !this.#above(partition, 1)) return;
    this.#paused.add(partition);
    this.#faucet.pause(partition);
  }

  /** After records were taken from these partitions. */
  drained(partitions: Iterable<number>): void {
    for (const partition of partitions) {
      if (!this.#paused.has(partition) || this.#above(partition, 0.5)) continue;
      this.#paused.delete(partition);
      this.#faucet.resume(partition);
    }
  }

  #above(partition: number, share: number): boolean {
    const { records, bytes } = this.#batcher.backlog(partition);
    return records >= this.#records * share || bytes >= this.#bytes * share;
  }
}
