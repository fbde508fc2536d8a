import type { MappingSettings } from '../../catalog/index.ts';
import type { Counters } from './counters.ts';
import type { InvocationEnd } from './delivery.ts';
import { type EventSource, eventOf } from './event.ts';
import type { SourceRecord } from './record.ts';
import { verdictOf } from './response.ts';
import type { Outcome } from './retries.ts';

/** The function behind a mapping. */
export interface Target {
  /** Invocations at the same time, at most. */
  readonly concurrency: number;
  /** Runs one invocation, waiting for a free environment. Rejects only when the host is shutting down. */
  invoke(payload: Buffer): Promise<{
    readonly requestId: string;
    readonly statusCode: number;
    readonly functionError: string | undefined;
    readonly body: string;
  }>;
}

/**
 * Sends records to the function and reads its answer.
 *
 * @param log takes one line about an answer that cannot be read
 * @throws what the target throws: the records were not delivered then
 */
export const callTarget = async (
  records: readonly SourceRecord[],
  about: {
    readonly source: EventSource;
    readonly target: Target;
    readonly policy: Pick<MappingSettings, 'reportBatchItemFailures'>;
    readonly counters: Counters;
    readonly log: (line: string) => void;
  },
): Promise<{ readonly outcome: Outcome; readonly end: InvocationEnd }> => {
  const { source, target, counters, log } = about;
  const { requestId, statusCode, functionError, body } = await target.invoke(Buffer.from(eventOf(source, records)));
  const hasFailed = functionError !== undefined || statusCode !== 200;
  const outcome: Outcome = hasFailed ? { kind: 'error' } : answered(body, records, about);
  if (outcome.kind === 'malformed') log(`${source.topic}: ${outcome.reason} (request ${requestId})`);
  if (outcome.kind === 'error') counters.add('InvokeErrorCount');
  counters.add('InvokedEventCount', records.length);
  counters.add('FailedInvokeEventCount', failuresIn(outcome, records));
  return { outcome, end: { requestId, statusCode, functionError: functionError ?? null } };
};

/** What a normal return says: nothing, unless the mapping asks for it (FunctionResponseTypes is opt-in). */
const answered = (
  body: string,
  records: readonly SourceRecord[],
  {
    source,
    policy,
  }: { readonly source: EventSource; readonly policy: Pick<MappingSettings, 'reportBatchItemFailures'> },
): Outcome => (policy.reportBatchItemFailures ? verdictOf(body, source.topic, records) : { kind: 'success' });

const failuresIn = (outcome: Outcome, records: readonly SourceRecord[]): number => {
  if (outcome.kind === 'success') return 0;
  return outcome.kind === 'partial' ? outcome.failed.size : records.length;
};
