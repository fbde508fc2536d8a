import type { SourceRecord } from './record.ts';

export interface BatcherLimits {
  /** Records of a batch at most. */
  readonly batchSize: number;
  /** Milliseconds the oldest record may wait for a fuller batch. */
  readonly windowMs: number;
  /** Bytes of a batch at most. */
  readonly batchBytes: number;
  /** Bytes a batch needs for each partition in it, beside the records. */
  readonly partitionBytes: number;
}

interface Entry {
  readonly record: SourceRecord;
  /** When it was fetched, milliseconds. */
  readonly since: number;
}

interface Lane {
  readonly partition: number;
  entries: Entry[];
  /** Index of the first entry not yet taken: cheaper than shifting an array for each batch. */
  head: number;
  bytes: number;
  busy: boolean;
}

/**
 * Collects the records of a topic's partitions and cuts batches from them: full, or 6 MB, or as old as the window,
 * whichever is first. A partition whose records are in a batch gives no more until {@link release}; its order is kept.
 * A batch takes what one partition has before it turns to the next, so that a backlog spreads over several batches.
 */
export class Batcher {
  readonly #limits: BatcherLimits;
  readonly #lanes = new Map<number, Lane>();
  /** Lanes with records that no batch holds, longest waiting first. */
  readonly #ready = new Set<Lane>();

  constructor(limits: BatcherLimits) {
    this.#limits = limits;
  }

  /** Adds records of one partition, in order. */
  push(partition: number, records: readonly SourceRecord[], now: number): void {
    if (records.length === 0) return;
    const lane = this.#lane(partition);
    for (const record of records) {
      lane.entries.push({ record, since: now });
      lane.bytes += record.bytes;
    }
    if (!lane.busy) this.#ready.add(lane);
  }

  /** The next batch, grouped by partition; undefined while there is nothing to send yet. */
  take(now: number): readonly SourceRecord[] | undefined {
    if (this.#ready.size === 0 || this.dueAt() > now) return undefined;
    const { batchSize, batchBytes, partitionBytes } = this.#limits;
    const batch: SourceRecord[] = [];
    let bytes = 0;
    for (const lane of this.#ready) {
      const before = batch.length;
      bytes += partitionBytes;
      for (let entry = lane.entries[lane.head]; entry; entry = lane.entries[lane.head]) {
        const { record } = entry;
        // A batch that is empty takes any record: one that fits no batch must still come out.
        if (batch.length === batchSize || (batch.length > 0 && bytes + record.bytes > batchBytes)) break;
        batch.push(record);
        bytes += record.bytes;
        lane.bytes -= record.bytes;
        lane.head += 1;
      }
      if (batch.length === before) break;
      lane.busy = true;
      this.#ready.delete(lane);
      compact(lane);
    }
    return batch;
  }

  /** When {@link take} will have a batch, milliseconds as passed to push; Infinity with nothing to send. */
  dueAt(): number {
    const { batchSize, windowMs, batchBytes } = this.#limits;
    let oldest = Number.POSITIVE_INFINITY;
    let count = 0;
    let bytes = 0;
    for (const lane of this.#ready) {
      count += lane.entries.length - lane.head;
      bytes += lane.bytes;
      if (count >= batchSize || bytes >= batchBytes) return Number.NEGATIVE_INFINITY;
      oldest = Math.min(oldest, lane.entries[lane.head]?.since ?? oldest);
    }
    return oldest + windowMs;
  }

  /** The batch that held records of this partition is done: its next records may go. */
  release(partition: number): void {
    const lane = this.#lane(partition);
    lane.busy = false;
    if (lane.entries.length > lane.head) this.#ready.add(lane);
  }

  /** Forgets every record that no batch holds. Partitions with a batch in flight stay busy until released. */
  clear(): void {
    this.#ready.clear();
    for (const lane of this.#lanes.values()) {
      lane.entries = [];
      lane.head = 0;
      lane.bytes = 0;
    }
  }

  /** What waits in a partition's buffer, or in all together. */
  backlog(partition?: number): { readonly records: number; readonly bytes: number } {
    const lanes = partition === undefined ? [...this.#lanes.values()] : [this.#lane(partition)];
    return {
      records: lanes.reduce((sum, lane) => sum + lane.entries.length - lane.head, 0),
      bytes: lanes.reduce((sum, lane) => sum + lane.bytes, 0),
    };
  }

  #lane(partition: number): Lane {
    const known = this.#lanes.get(partition);
    if (known) return known;
    const lane: Lane = { partition, entries: [], head: 0, bytes: 0, busy: false };
    this.#lanes.set(partition, lane);
    return lane;
  }
}

const compact = (lane: Lane): void => {
  if (lane.head === lane.entries.length || lane.head > 1_024) {
    lane.entries = lane.entries.slice(lane.head);
    lane.head = 0;
  }
};
