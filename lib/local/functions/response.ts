import { partitionId } from './event.ts';
import type { SourceRecord } from './record.ts';

/** What a function's answer says about its batch. */
export type Verdict =
  | { readonly kind: 'success' }
  | { readonly kind: 'partial'; readonly failed: ReadonlySet<SourceRecord> }
  | { readonly kind: 'malformed'; readonly reason: string };

/**
 * Reads a response under ReportBatchItemFailures (page kafka-retry-configurations): empty, null, `{}` and a missing or
 * empty `batchItemFailures` mean success; an unknown partition or offset, or another shape, means the whole batch again.
 *
 * @param body the response, JSON
 * @param topic the mapping's topic
 * @param records the batch it answers
 */
export const verdictOf = (body: string, topic: string, records: readonly SourceRecord[]): Verdict => {
  // The usual answer, without the cost of looking.
  if (body === '' || body === 'null' || body === '{"batchItemFailures":[]}') return { kind: 'success' };
  let response: unknown;
  try {
    response = JSON.parse(body);
  } catch {
    return malformed('the response is not JSON');
  }
  if (response === null || response === '') return { kind: 'success' };
  if (!isObject(response) || Array.isArray(response)) return malformed('the response is not an object');
  const { batchItemFailures: failures } = response;
  if (failures === undefined || failures === null) return { kind: 'success' };
  if (!Array.isArray(failures)) return malformed('batchItemFailures is not a list');
  if (failures.length === 0) return { kind: 'success' };
  const known = new Map(records.map((record) => [`${partitionId(topic, record.partition)}@${record.offset}`, record]));
  const failed = new Set<SourceRecord>();
  for (const failure of failures) {
    const id: unknown = isObject(failure) ? failure.itemIdentifier : undefined;
    if (!isObject(id)) return malformed('an itemIdentifier is not an object');
    const record = known.get(`${String(id.partition)}@${String(id.offset)}`);
    if (!record || typeof id.partition !== 'string' || typeof id.offset !== 'number') {
      return malformed(`no record ${String(id.partition)}@${String(id.offset)} in the batch`);
    }
    failed.add(record);
  }
  return { kind: 'partial', failed };
};

const malformed = (reason: string): Verdict => ({ kind: 'malformed', reason });

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
