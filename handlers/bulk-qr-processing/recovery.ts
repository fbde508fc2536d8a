import { TransientError } from '../../lib/errors.ts';
import type { ObjectStore } from '../../lib/stores/objects.ts';
import { admissionKeys, type ChunkRange, type PlanTask } from './admission.ts';
import { type BatchRecord, readBatchRecord } from './batch-state.ts';
import { restoreBatch } from './batch-transitions.ts';
import { settledOutcome } from './failing.ts';
import { attemptKeys, OPEN_BATCHES, objectKeys, openBatchKey } from './keys.ts';
import { assemblyEvent, joined, NOTHING, type OpenBatch, type Outcome, type Ports } from './outcome.ts';
import type { Plan } from './plan.ts';
import { readPlan } from './work-objects.ts';
import { countsIn, FOOTER_BYTES } from './zip/fragment.ts';

/**
 * Redis holds no more than can be found again: what a batch has become is told by its objects. Redis keeps its data
 * through crashes (append-only file, replicas); this is for the day it did not.
 */
interface Recovered {
  readonly batch: BatchRecord;
  /** What is to be done for the batch and may have been waiting in Redis. */
  readonly missing: readonly (ChunkRange | PlanTask)[];
}

/** Puts a batch back from its objects; undefined when there is nothing of it. */
const recoverBatch = async ({ objects, redis }: Ports, batchId: string): Promise<Recovered | undefined> => {
  const fields = await fieldsOf(objects, batchId);
  if (fields === undefined) return undefined;
  await restoreBatch(redis, batchId, fields.values, fields.finished);
  const batch = await readBatchRecord(redis, batchId);
  return batch === undefined ? undefined : { batch, missing: fields.missing };
};

interface Fields {
  readonly values: Readonly<Record<string, string | number>>;
  readonly finished: boolean;
  readonly missing: Recovered['missing'];
}

const fieldsOf = async (objects: ObjectStore, batchId: string): Promise<Fields | undefined> => {
  const [zip, plan, open] = await Promise.all([
    objects.head(objectKeys(batchId).zip),
    readPlan(objects, batchId),
    objects.get(openBatchKey(batchId)),
  ]);
  const request: OpenBatch | undefined = open === undefined ? undefined : JSON.parse(open.toString('utf8'));
  /** What an earlier attempt has left behind says nothing of this one. */
  const isOfNow = (attempt: number): boolean => attempt >= (request?.attempt ?? 1);
  if (zip?.metadata.assembly !== undefined && isOfNow(Number(zip.metadata.attempt))) {
    // The zip carries what completed it.
    const { assembly, attempt, user, priority, total, done, failed, requested } = zip.metadata;
    return {
      finished: true,
      missing: [],
      values: {
        state: Number(failed) > 0 ? 'completed_with_errors' : 'completed',
        attempt: attempt ?? 1,
        userId: decodeURIComponent(user ?? ''),
        priority: priority ?? 'normal',
        total: total ?? 0,
        done: done ?? 0,
        failed: failed ?? 0,
        chunks: 0,
        chunksDone: 0,
        requestedAt: requested ?? '',
        completedAt: zip.modifiedAt,
        completedBy: assembly,
        zipKey: objectKeys(batchId).zip,
        zipBytes: zip.bytes,
      },
    };
  }
  if (plan !== undefined && isOfNow(plan.attempt)) return plannedFields(objects, plan);
  if (request === undefined) return undefined;
  const { userId, priority, itemCount: total, requestedAt, templateId, attempt } = request;
  const counts = { done: 0, failed: 0, chunks: 0, chunksDone: 0 };
  return {
    finished: false,
    missing: [{ kind: 'plan', batchId, userId, templateId, itemCount: total }],
    values: { state: 'planned', attempt, userId, priority, total, requestedAt, ...counts },
  };
};

const plannedFields = async (objects: ObjectStore, plan: Plan): Promise<Fields> => {
  const { batchId, userId, priority, total, requestedAt, attempt, rejected, chunks } = plan;
  const keys = attemptKeys(batchId, attempt);
  const stored = new Set(await objects.list(objectKeys(batchId).work));
  const counts = await Promise.all(
    chunks.map(async (_, chunk) => {
      if (!stored.has(keys.chunk(chunk))) return undefined;
      const footer = await objects.getRange(keys.chunk(chunk), -FOOTER_BYTES, FOOTER_BYTES);
      return footer === undefined ? undefined : countsIn(footer);
    }),
  );
  const done = counts.filter((one) => one !== undefined);
  const sum = (field: 'succeeded' | 'failed'): number => done.reduce((total, one) => total + one[field], 0);
  return {
    finished: false,
    missing: rangesOf(counts.flatMap((one, chunk) => (one === undefined ? [chunk] : []))).map((range) => ({
      batchId,
      userId,
      ...range,
    })),
    values: {
      state: done.length === chunks.length ? 'assembling' : 'rendering',
      attempt,
      userId,
      priority,
      total,
      requestedAt,
      planned: 1,
      done: sum('succeeded'),
      failed: rejected + sum('failed'),
      chunks: chunks.length,
      chunksDone: done.length,
      ...Object.fromEntries(
        counts.flatMap((one, chunk) => (one === undefined ? [] : [[`c:${chunk}`, `${one.succeeded},${one.failed}`]])),
      ),
    },
  };
};

/** Ascending numbers as ranges: a batch takes turns by its entries in the list, and shall not have many. */
export const rangesOf = (numbers: readonly number[]): { readonly from: number; readonly to: number }[] => {
  const ranges: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.to === number - 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  return ranges;
};

/**
 * Redis does not know a batch of which an event has arrived: it is put back, and what it misses is let out again; not its
 * planning, when that is what the event itself asks for.
 */
export const recovered = async (
  ports: Ports,
  batchId: string,
  cause: string,
  isRequest = false,
): Promise<{ readonly batch: BatchRecord; readonly outcome: Outcome } | undefined> => {
  const found = await recoverBatch(ports, batchId);
  if (found === undefined) return undefined;
  const { batch } = found;
  const missing = found.missing.filter((work) => !(isRequest && 'kind' in work));
  return { batch, outcome: await letOut(ports, { batch, missing }, cause) };
};

const letOut = async (ports: Ports, { batch, missing }: Recovered, cause: string): Promise<Outcome> => {
  if (batch.state === 'assembling') return { events: [assemblyEvent(batch)], updates: [] };
  if (missing.length === 0) return NOTHING;
  const admission = ports.admission(batch.priority);
  const settled = await admission.settle(`${cause}:recover:${batch.batchId}`, { enqueue: missing });
  return settledOutcome(ports, settled, batch.priority, cause);
};

/** Seconds within which one function alone looks after the other batches. */
const LOCK_SECONDS = 120;

/**
 * When Redis has lost its data, batches whose tasks all waited in its lists would be forgotten: no record of theirs is
 * under way. Whoever first finds the mark of Redis's life missing puts them back, from the objects that open batches have.
 */
export const recoverOthers = async (ports: Ports, own: string, cause: string): Promise<Outcome> => {
  const { epoch } = admissionKeys('normal', ports.admissionName);
  if ((await ports.redis.exists(epoch)) === 1) return NOTHING;
  if ((await ports.redis.set(`${epoch}:lock`, cause, 'EX', LOCK_SECONDS, 'NX')) === null) {
    if ((await ports.redis.get(`${epoch}:lock`)) !== cause) return NOTHING;
  }
  const outcomes: Outcome[] = [];
  for (const key of await ports.objects.list(OPEN_BATCHES)) {
    const batchId = key.slice(OPEN_BATCHES.length, -'.json'.length);
    if (batchId === own || (await readBatchRecord(ports.redis, batchId)) !== undefined) continue;
    const found = await recoverBatch(ports, batchId);
    if (found !== undefined) outcomes.push(await letOut(ports, found, cause));
  }
  await ports.redis.set(epoch, ports.now());
  return joined(...outcomes);
};

/** @throws TransientError when the batch's hash has vanished under a running handler */
export const vanished = (batchId: string): TransientError =>
  new TransientError('REDIS_UNAVAILABLE', `Redis lost batch ${batchId} while it was being worked`);
