import type { BatchFigures, Outcome } from './batch-figures.ts';

/** Upper bounds of the buckets that are exported, seconds. */
export const BOUNDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;

/** What was counted on a topic since counting began. */
export interface TopicTotals {
  readonly counts: Record<Outcome, number>;
  /** Records by the first of {@link BOUNDS} that is not below their latency; the last one is those above all. */
  readonly buckets: number[];
  /** Seconds of all latencies together. */
  seconds: number;
  observed: number;
}

export const OUTCOME_NAMES: readonly Outcome[] = ['done', 'skipped', 'dead', 'failed', 'held'];

/** Sums that only grow, as Prometheus wants them. */
export class Totals {
  readonly topics = new Map<string, TopicTotals>();

  add({ topic, counts, latencies }: BatchFigures): void {
    const totals = this.topics.get(topic) ?? empty();
    this.topics.set(topic, totals);
    for (const outcome of OUTCOME_NAMES) totals.counts[outcome] += counts[outcome];
    const weight = latencies.length === 0 ? 0 : Math.max(1, counts.done / latencies.length);
    for (const ms of latencies) {
      const at = BOUNDS.findIndex((bound) => ms / 1_000 <= bound);
      const bucket = at < 0 ? BOUNDS.length : at;
      totals.buckets[bucket] = (totals.buckets[bucket] ?? 0) + weight;
      totals.seconds += (ms / 1_000) * weight;
      totals.observed += weight;
    }
  }
}

const empty = (): TopicTotals => ({
  counts: { done: 0, skipped: 0, dead: 0, failed: 0, held: 0 },
  buckets: Array.from({ length: BOUNDS.length + 1 }, () => 0),
  seconds: 0,
  observed: 0,
});
