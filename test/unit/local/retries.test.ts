import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, CHOICES } from '../../../lib/local/functions/choices.ts';
import { byPartition } from '../../../lib/local/functions/ledger.ts';
import {
  halvesOf,
  type Outcome,
  partByAge,
  type RetryPolicy,
  stepAfter,
} from '../../../lib/local/functions/retries.ts';
import { anyBatch, nameOf, recordOf } from '../../support/source-records.ts';

const policy = (some: Partial<RetryPolicy> = {}): RetryPolicy => ({
  maximumRetryAttempts: 2,
  maximumRecordAgeSeconds: 60,
  bisectBatchOnFunctionError: false,
  ...some,
});
const anyPolicy = fc.record({
  maximumRetryAttempts: fc.integer({ min: -1, max: 12 }),
  maximumRecordAgeSeconds: fc.constant(60),
  bisectBatchOnFunctionError: fc.boolean(),
});
const error: Outcome = { kind: 'error' };
const malformed: Outcome = { kind: 'malformed', reason: 'x' };

/** A batch and some way in which its invocation may end. */
const anyEnd = anyBatch().chain((records) =>
  fc.record({
    records: fc.constant(records),
    outcome: fc.oneof(
      fc.constant<Outcome>({ kind: 'success' }),
      fc.constant(error),
      fc.constant(malformed),
      fc.subarray(records, { minLength: 1 }).map((failed): Outcome => ({ kind: 'partial', failed: new Set(failed) })),
    ),
    retries: fc.integer({ min: 0, max: 12 }),
  }),
);

describe('the step after an invocation', () => {
  it('puts every record of the batch in exactly one place', () => {
    fc.assert(
      fc.property(anyEnd, anyPolicy, ({ records, outcome, retries }, rules) => {
        const step = stepAfter({ records, retries, invokes: retries }, outcome, rules);
        const placed = [...step.done, ...step.exhausted, ...step.retry.flatMap((attempt) => attempt.records)];
        expect(placed).toHaveLength(records.length);
        expect(new Set(placed)).toEqual(new Set(records));
      }),
    );
  });

  it('counts the invocation, and never goes past the limit of retries', () => {
    fc.assert(
      fc.property(anyEnd, anyPolicy, ({ records, outcome, retries }, rules) => {
        const limit = rules.maximumRetryAttempts < 0 ? 10 : rules.maximumRetryAttempts;
        for (const next of stepAfter({ records, retries, invokes: 7 }, outcome, rules).retry) {
          expect(next.invokes).toBe(8);
          expect(next.retries).toBeLessThanOrEqual(Math.max(limit, retries));
          // What is no smaller than before has used up a retry: no endless loop.
          if (next.records.length === records.length) expect(next.retries).toBe(retries + 1);
        }
      }),
    );
  });

  it('calls a batch that fails each time once more than its retries', () => {
    for (const [maximumRetryAttempts, calls] of [
      [0, 1],
      [2, 3],
      [-1, 11],
    ] as const) {
      let attempt = { records: [recordOf(0, 1)], retries: 0, invokes: 0 };
      for (;;) {
        const step = stepAfter(attempt, error, policy({ maximumRetryAttempts }));
        const [next] = step.retry;
        if (!next) {
          expect(step.exhausted).toHaveLength(1);
          break;
        }
        attempt = { ...next, records: [...next.records] };
      }
      expect(attempt.invokes + 1).toBe(calls);
    }
  });

  it('sends only the failed records of a partial failure again, and gives up only them', () => {
    const records = [recordOf(0, 1), recordOf(0, 2), recordOf(1, 1)];
    const outcome: Outcome = { kind: 'partial', failed: new Set(records.slice(1, 2)) };
    const step = stepAfter({ records, retries: 0, invokes: 0 }, outcome, policy());
    expect(step.done.map(nameOf)).toEqual(['0@1', '1@1']);
    expect(step.retry.map((attempt) => attempt.records.map(nameOf))).toEqual([['0@2']]);
    const last = stepAfter({ records, retries: 2, invokes: 2 }, outcome, policy());
    expect([last.done, last.exhausted].map((some) => some.map(nameOf))).toEqual([['0@1', '1@1'], ['0@2']]);
  });

  it('halves a batch that failed as a whole, at once and without using up a retry, down to a lone record', () => {
    const records = [recordOf(0, 1), recordOf(0, 2)];
    const rules = policy({ bisectBatchOnFunctionError: true });
    const step = stepAfter({ records, retries: 1, invokes: 1 }, error, rules);
    expect(step).toMatchObject({ delayMs: 0, retry: [{ retries: 1 }, { retries: 1 }] });
    const lone = stepAfter({ records: records.slice(0, 1), retries: 1, invokes: 2 }, error, rules);
    expect(lone).toMatchObject({ retry: [{ retries: 2 }] });
    expect(lone.delayMs).toBeGreaterThan(0);
  });

  it('does not halve a batch whose answer was malformed', () => {
    const records = [recordOf(0, 1), recordOf(0, 2)];
    const step = stepAfter(
      { records, retries: 0, invokes: 0 },
      malformed,
      policy({ bisectBatchOnFunctionError: true }),
    );
    expect(step.retry).toEqual([{ records, retries: 1, invokes: 1 }]);
  });
});

describe('the halves of a batch', () => {
  it('are two, hold everything in order, and share a partition only when there is but one', () => {
    fc.assert(
      fc.property(
        anyBatch().filter((batch) => batch.length > 1),
        (records) => {
          const [a, b] = halvesOf(records);
          expect([...a, ...b]).toEqual(records);
          expect(Math.min(a.length, b.length)).toBeGreaterThan(0);
          const [left, right] = [byPartition(a), byPartition(b)];
          const shared = [...left.keys()].filter((partition) => right.has(partition));
          expect(shared).toHaveLength(byPartition(records).size === 1 ? 1 : 0);
          if (shared.length > 0) expect(Math.abs(a.length - b.length)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('the maximum age', () => {
  const records = [recordOf(0, 1, { timestamp: 1_000 }), recordOf(0, 2, { timestamp: 41_000 })];

  it('parts what is older from what may still be sent', () => {
    const names = (now: number, rules: RetryPolicy) => {
      const { expired, fresh } = partByAge(records, now, rules);
      return [expired.map(nameOf), fresh.map(nameOf)];
    };
    expect(names(61_000, policy())).toEqual([[], ['0@1', '0@2']]);
    expect(names(61_001, policy())).toEqual([['0@1'], ['0@2']]);
    expect(names(101_001, policy())).toEqual([['0@1', '0@2'], []]);
  });

  it('is endless with -1', () => {
    const { fresh } = partByAge(records, Number.MAX_SAFE_INTEGER, policy({ maximumRecordAgeSeconds: -1 }));
    expect(fresh).toBe(records);
  });
});

describe('the wait before a retry', () => {
  it('grows to its maximum and stays there', () => {
    const waits = Array.from({ length: 40 }, (_, i) => backoffMs(i + 1));
    expect(waits[0]).toBe(CHOICES.backoff.firstMs);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(CHOICES.backoff.maximumMs);
  });
});
