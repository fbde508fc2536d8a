import type { SourceRecord } from './record.ts';

interface Account {
  /** Offsets of the partition's batch in flight, in order. */
  readonly offsets: readonly number[];
  readonly open: Set<number>;
  /** Index into `offsets` of the first that is not done. */
  low: number;
}

/**
 * Which records of the batches in flight are done, and so how far each partition may be committed: to the first record
 * that is not done, never past it, never back.
 */
export class Ledger {
  readonly #accounts = new Map<number, Account>();

  /** Opens the accounts of a batch. A partition has one batch in flight at a time. */
  open(batch: readonly SourceRecord[]): void {
    for (const [partition, records] of byPartition(batch)) {
      const offsets = records.map(({ offset }) => offset);
      this.#accounts.set(partition, { offsets, open: new Set(offsets), low: 0 });
    }
  }

  /**
   * Marks records as done.
   *
   * @returns for each partition that moved: the offset to commit (of the next record to read), and whether its batch is done
   */
  settle(records: readonly SourceRecord[]): readonly { partition: number; offset: number; finished: boolean }[] {
    const moves: { partition: number; offset: number; finished: boolean }[] = [];
    for (const [partition, done] of byPartition(records)) {
      const account = this.#accounts.get(partition);
      if (!account) continue;
      for (const { offset } of done) account.open.delete(offset);
      const before = account.low;
      let offset = account.offsets[account.low];
      while (offset !== undefined && !account.open.has(offset)) {
        account.low += 1;
        offset = account.offsets[account.low];
      }
      const finished = account.open.size === 0;
      if (finished) this.#accounts.delete(partition);
      const last = account.offsets[account.low - 1];
      if (account.low > before && last !== undefined) moves.push({ partition, offset: last + 1, finished });
    }
    return moves;
  }

  /** Partitions with a batch in flight. */
  get inFlight(): number {
    return this.#accounts.size;
  }
}

/** Records by partition, in the order they come. */
export const byPartition = (records: readonly SourceRecord[]): Map<number, SourceRecord[]> => {
  const groups = new Map<number, SourceRecord[]>();
  for (const record of records) {
    const group = groups.get(record.partition);
    if (group) group.push(record);
    else groups.set(record.partition, [record]);
  }
  return groups;
};
