import { admissionKeys } from './admission.ts';
import { readBatchRecord } from './batch-state.ts';
import { OPEN_BATCHES } from './keys.ts';
import { WORK } from './limits.ts';
import { assemblyEvent, type Outcome, type Ports } from './outcome.ts';

/**
 * An assembly holds no lease: it is one record, and when that ends as a dead letter, nothing asks for it again. A batch that
 * is seen assembling for longer than any function may run is asked for again, which harms none that is still at work: a zip
 * that is there is not built again.
 */
export const lateAssemblies = async ({ objects, redis, admissionName, now }: Ports): Promise<Outcome> => {
  const { assembling } = admissionKeys('normal', admissionName);
  const at = Date.parse(now());
  const known = new Map(Object.entries(await redis.hgetall(assembling)));
  const open = (await objects.list(OPEN_BATCHES)).map((key) => key.slice(OPEN_BATCHES.length, -'.json'.length));
  const batches = await Promise.all(open.map((batchId) => readBatchRecord(redis, batchId)));
  const waiting = batches.filter((batch) => batch?.state === 'assembling').filter((batch) => batch !== undefined);
  const isLate = ({ batchId }: { readonly batchId: string }): boolean =>
    at - Number(known.get(batchId) ?? at) >= WORK.leaseMs;
  const late = waiting.filter(isLate);
  // Seen now for the first time, or asked for now: from here on it has its time.
  const begun = waiting.filter((batch) => !known.has(batch.batchId) || isLate(batch));
  const ids = new Set(waiting.map(({ batchId }) => batchId));
  const gone = [...known.keys()].filter((batchId) => !ids.has(batchId));
  await Promise.all([
    ...begun.map(({ batchId }) => redis.hset(assembling, batchId, at)),
    ...(gone.length === 0 ? [] : [redis.hdel(assembling, ...gone)]),
  ]);
  return { events: late.map(assemblyEvent), updates: [] };
};
