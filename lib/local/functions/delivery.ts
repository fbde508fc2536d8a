import { byPartition } from './ledger.ts';
import type { SourceRecord } from './record.ts';
import { type Attempt, type Outcome, partByAge, type RetryPolicy, stepAfter } from './retries.ts';

/** The end of an invocation, as far as the destination's envelope tells it. */
export interface InvocationEnd {
  readonly requestId: string;
  readonly statusCode: number;
  readonly functionError: string | null;
}

/** Why records go to the on-failure destination. */
export interface GivenUp {
  readonly condition: 'RetriesExhausted' | 'MaximumPayloadSizeExceeded' | 'RecordAgeExceeded' | 'UndecodableBatch';
  readonly invokes: number;
  /** The last invocation; undefined when there was none. */
  readonly last: InvocationEnd | undefined;
}

/** What delivering a batch needs from around it. */
export interface DeliveryPort {
  readonly policy: RetryPolicy;
  /** Sends the records to the function. Never rejects because of the function. */
  invoke(records: readonly SourceRecord[]): Promise<{ readonly outcome: Outcome; readonly end: InvocationEnd }>;
  /** Takes records that are done: worked by the function, or given up and safe at the destination. */
  settle(records: readonly SourceRecord[]): void;
  /** Brings records to the on-failure destination; resolves once they are safe there. */
  giveUp(records: readonly SourceRecord[], why: GivenUp): Promise<void>;
  /** Why the record cannot be sent to the function at all; undefined when it can. */
  unsendable(record: SourceRecord): GivenUp['condition'] | undefined;
  /** Waits; returns early when the mapping stops. */
  wait(milliseconds: number): Promise<void>;
  /** True once nothing more may be sent. */
  stopped(): boolean;
  now(): number;
}

/**
 * Sends a batch until each of its records is done, or the mapping stops. Retries and bisected halves of one partition go
 * one after the other, so that its order holds; halves without a common partition go side by side.
 */
export const deliver = async (batch: readonly SourceRecord[], port: DeliveryPort): Promise<void> => {
  const records: SourceRecord[] = [];
  for (const record of batch) {
    const condition = port.unsendable(record);
    if (condition === undefined) records.push(record);
    else {
      await port.giveUp([record], { condition, invokes: 0, last: undefined });
      port.settle([record]);
    }
  }
  await work({ records, retries: 0, invokes: 0 }, undefined, port);
};

const work = async (first: Attempt, before: InvocationEnd | undefined, port: DeliveryPort): Promise<void> => {
  let attempt = first;
  let last = before;
  while (!port.stopped()) {
    const { expired, fresh } = partByAge(attempt.records, port.now(), port.policy);
    if (expired.length > 0) {
      await port.giveUp(expired, { condition: 'RecordAgeExceeded', invokes: attempt.invokes, last });
      port.settle(expired);
    }
    if (fresh.length === 0) return;
    attempt = { ...attempt, records: fresh };
    const { outcome, end } = await port.invoke(fresh);
    last = end;
    const step = stepAfter(attempt, outcome, port.policy);
    if (step.done.length > 0) port.settle(step.done);
    if (step.exhausted.length > 0) {
      await port.giveUp(step.exhausted, { condition: 'RetriesExhausted', invokes: attempt.invokes + 1, last });
      port.settle(step.exhausted);
    }
    const [next, other] = step.retry;
    if (next === undefined) return;
    if (other !== undefined) return both(next, other, last, port);
    if (step.delayMs > 0) await port.wait(step.delayMs);
    attempt = next;
  }
};

const both = async (a: Attempt, b: Attempt, last: InvocationEnd, port: DeliveryPort): Promise<void> => {
  const partitions = byPartition(a.records);
  if (!b.records.some(({ partition }) => partitions.has(partition))) {
    // Both to their end, even if one fails: a half still in flight must not be taken for done with.
    const halves = await Promise.allSettled([work(a, last, port), work(b, last, port)]);
    for (const half of halves) if (half.status === 'rejected') throw half.reason;
    return;
  }
  await work(a, last, port);
  await work(b, last, port);
};
