/** Eight buckets an octave: a quantile is off by less than a tenth. */
const PER_OCTAVE = 8;

const bucketOf = (ms: number): number => Math.floor(Math.log2(Math.max(0, ms) + 1) * PER_OCTAVE);

/** Where a bucket begins, milliseconds. */
const beginOf = (bucket: number): number => 2 ** (bucket / PER_OCTAVE) - 1;

/** Many latencies in little room: how many there were in each of the buckets, which grow with what they hold. */
export class Latencies {
  readonly #buckets = new Map<number, number>();
  #count = 0;

  /** @param weight how many records the one stands for */
  add(ms: number, weight = 1): void {
    const bucket = bucketOf(ms);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + weight);
    this.#count += weight;
  }

  /** Takes in what another has counted. */
  merge(other: Latencies): void {
    for (const [bucket, count] of other.#buckets) {
      this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count);
      this.#count += count;
    }
  }

  /**
   * The latency that a share of the records did not exceed, milliseconds; null while there is none.
   *
   * @param share from 0 to 1
   */
  quantile(share: number): number | null {
    if (this.#count === 0) return null;
    const wanted = share * this.#count;
    let seen = 0;
    const buckets = [...this.#buckets].sort(([a], [b]) => a - b);
    for (const [bucket, count] of buckets) {
      if (seen + count >= wanted) {
        const begin = beginOf(bucket);
        return begin + ((wanted - seen) / count) * (beginOf(bucket + 1) - begin);
      }
      seen += count;
    }
    return beginOf((buckets.at(-1)?.[0] ?? 0) + 1);
  }
}
