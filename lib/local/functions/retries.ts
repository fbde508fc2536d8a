import type { MappingSettings } from '../../catalog/index.ts';
import { backoffMs, CHOICES } from './choices.ts';
import type { SourceRecord } from './record.ts';
import type { Verdict } from './response.ts';

/** Records that are sent together. */
export interface Attempt {
  /** Grouped by partition, in order of offset within each. */
  readonly records: readonly SourceRecord[];
  /** Retries these records have used up. */
  readonly retries: number;
  /** Invocations these records were part of. */
  readonly invokes: number;
}

/** How an invocation ended: with a verdict of the function, or with an error of it (thrown, timed out, died). */
export type Outcome = Verdict | { readonly kind: 'error' };

/** What follows from an outcome. Every record of the attempt is in exactly one of the three. */
export interface Step {
  readonly done: readonly SourceRecord[];
  readonly exhausted: readonly SourceRecord[];
  /** To be sent again: one attempt, or the two halves of a bisected batch. */
  readonly retry: readonly Attempt[];
  /** Milliseconds to wait before the retry. */
  readonly delayMs: number;
}

export type RetryPolicy = Pick<
  MappingSettings,
  'maximumRetryAttempts' | 'maximumRecordAgeSeconds' | 'bisectBatchOnFunctionError'
>;

/** The next step of an attempt that ended with `outcome` (page kafka-retry-configurations; gaps: choices.ts). */
export const stepAfter = (attempt: Attempt, outcome: Outcome, policy: RetryPolicy): Step => {
  const { records, retries } = attempt;
  const invokes = attempt.invokes + 1;
  if (outcome.kind === 'success') return { done: records, exhausted: [], retry: [], delayMs: 0 };
  if (outcome.kind === 'error' && policy.bisectBatchOnFunctionError && records.length > 1) {
    const retry = halvesOf(records).map((half) => ({ records: half, retries, invokes }));
    return { done: [], exhausted: [], retry, delayMs: 0 };
  }
  const failed = outcome.kind === 'partial' ? records.filter((record) => outcome.failed.has(record)) : records;
  const done = outcome.kind === 'partial' ? records.filter((record) => !outcome.failed.has(record)) : [];
  if (retries >= retryLimit(policy)) return { done, exhausted: failed, retry: [], delayMs: 0 };
  return {
    done,
    exhausted: [],
    retry: [{ records: failed, retries: retries + 1, invokes }],
    delayMs: backoffMs(retries + 1),
  };
};

const retryLimit = ({ maximumRetryAttempts }: RetryPolicy): number =>
  maximumRetryAttempts < 0 ? CHOICES.endlessRetries : maximumRetryAttempts;

/**
 * Two halves. A batch of several partitions is cut between two of them, next to its middle, so that the halves share no
 * partition and need not wait for one another.
 */
export const halvesOf = (
  records: readonly SourceRecord[],
): readonly [readonly SourceRecord[], readonly SourceRecord[]] => {
  const middle = records.length / 2;
  let cut = Math.floor(middle);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 1; i < records.length; i += 1) {
    if (records[i]?.partition !== records[i - 1]?.partition && Math.abs(i - middle) < best) {
      best = Math.abs(i - middle);
      cut = i;
    }
  }
  return [records.slice(0, cut), records.slice(cut)];
};

/** Parts the records that are too old to be sent from the others. */
export const partByAge = (
  records: readonly SourceRecord[],
  now: number,
  { maximumRecordAgeSeconds }: RetryPolicy,
): { readonly expired: readonly SourceRecord[]; readonly fresh: readonly SourceRecord[] } => {
  const oldest = now - maximumRecordAgeSeconds * 1_000;
  if (maximumRecordAgeSeconds < 0 || records.every(({ timestamp }) => timestamp >= oldest)) {
    return { expired: [], fresh: records };
  }
  return {
    expired: records.filter(({ timestamp }) => timestamp < oldest),
    fresh: records.filter(({ timestamp }) => timestamp >= oldest),
  };
};
