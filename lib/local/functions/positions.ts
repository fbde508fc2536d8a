interface Position {
  /** Offset of the last record that was fetched. */
  readonly last: number;
  /** Where the next fetch begins: behind that record, or behind what no consumer sees. */
  readonly next: number;
  /** Whether all that was fetched is done. */
  readonly isDone: boolean;
}

/**
 * How far a partition may be committed beyond its records. Markers of transactions, aborted records and those that compaction
 * has taken have offsets that no consumer sees: a group that stays before them shows a lag that nothing can end.
 */
export class Positions {
  readonly #positions = new Map<number, Position>();

  /** Records came, the last of them at this offset, and the next fetch begins at `next`. */
  fetched(partition: number, last: number, next: number): void {
    this.#positions.set(partition, { last, next, isDone: false });
  }

  /**
   * A fetch brought no record, and the next one begins at `next`.
   *
   * @returns the offset to commit now; undefined while records before it are not done
   */
  passed(partition: number, next: number): number | undefined {
    const known = this.#positions.get(partition);
    if (known === undefined || known.isDone) return next;
    this.#positions.set(partition, { ...known, next });
    return undefined;
  }

  /**
   * Everything before `offset` is done.
   *
   * @returns the offset to commit: the same, or a later one when no record is left before that
   */
  done(partition: number, offset: number): number {
    const known = this.#positions.get(partition);
    if (known === undefined || offset <= known.last) return offset;
    this.#positions.set(partition, { ...known, isDone: true });
    return Math.max(offset, known.next);
  }
}
