/** Durations in milliseconds: half, 95 % and 99 % of the records took no longer, and what the slowest took. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** @returns undefined without any */
export const latencyOf = (durations: readonly number[]): Latency | undefined => {
  if (durations.length === 0) return undefined;
  const sorted = Float64Array.from(durations).sort();
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
};
