import { PermanentError } from '../../lib/errors.ts';
import type { ObjectStore } from '../../lib/stores/objects.ts';
import { type BatchRecord, isFinished, readBatchRecord } from './batch-state.ts';
import { completeBatch, reopenChunks } from './batch-transitions.ts';
import { failedAgain, failing, settledOutcome } from './failing.ts';
import { attemptKeys, objectKeys } from './keys.ts';
import { type AssemblyEvent, joined, NOTHING, type Outcome, type Ports } from './outcome.ts';
import type { Plan } from './plan.ts';
import { rangesOf, recovered, vanished } from './recovery.ts';
import { deleteWork, readPlan, readRejected } from './work-objects.ts';
import { zipOf } from './zip/assemble.ts';
import { deserialise, type Fragment } from './zip/fragment.ts';
import { dosTimeOf } from './zip/records.ts';

/** Fragments fetched ahead of the one being written. */
const AHEAD = 4;

/**
 * `bulk.qr.assembly.requested`: puts the pieces together into one zip, ends the batch and tells the user. A zip that is
 * there is not built again; only the assembly that ended the batch says so, each time it is delivered.
 */
export const assemblyRequested = async (event: AssemblyEvent, ports: Ports): Promise<Outcome> => {
  const { batchId } = event.payload;
  const known = await readBatchRecord(ports.redis, batchId);
  const found =
    known === undefined ? await recovered(ports, batchId, event.eventId) : { batch: known, outcome: NOTHING };
  if (found === undefined) {
    const gone = new PermanentError('NOT_FOUND', `Nothing is left of batch ${batchId}: no plan, no zip, no state`);
    return { ...NOTHING, reject: gone };
  }
  const { batch } = found;
  if (isFinished(batch)) return ended(batch, event.eventId, ports);
  // Not all chunks are there: whoever does the last one asks again.
  if (batch.state !== 'assembling') return found.outcome;
  try {
    return await ended(await assembled(batch, event.eventId, ports), event.eventId, ports);
  } catch (error) {
    if (!(error instanceof MissingChunks) && !(error instanceof PermanentError)) throw error;
    // Another delivery may have ended the batch meanwhile, and cleared away what this one was reading.
    const now = await readBatchRecord(ports.redis, batchId);
    if (now !== undefined && isFinished(now)) return ended(now, event.eventId, ports);
    if (error instanceof MissingChunks) return reopened(batch, error.chunks, event.eventId, ports);
    return joined(await failing(ports, batch, error, event.eventId), { ...NOTHING, reject: error });
  }
};

/** The event that ended the batch clears up and says so, each time it is delivered; any other has nothing to say. */
const ended = async (batch: BatchRecord, eventId: string, { objects }: Ports): Promise<Outcome> => {
  if (batch.completedBy !== eventId) return failedAgain(batch, eventId);
  await deleteWork(objects, batch.batchId).catch(() => undefined);
  return completedOutcome(batch);
};

const assembled = async (batch: BatchRecord, eventId: string, { objects, redis, now }: Ports): Promise<BatchRecord> => {
  const { batchId } = batch;
  const { zip: zipKey } = objectKeys(batchId);
  const zip = await objects.head(zipKey);
  const isThere = zip?.metadata.attempt === String(batch.attempt);
  const zipBytes = isThere ? zip.bytes : await writeZip(batch, eventId, objects);
  const completed = await completeBatch(redis, batchId, {
    state: batch.failed > 0 ? 'completed_with_errors' : 'completed',
    done: batch.done,
    failed: batch.failed,
    zipKey,
    zipBytes,
    completedAt: now(),
    // Not whoever wrote the zip: that function may have died, and its event have been given up.
    completedBy: eventId,
  });
  if (completed === undefined) throw vanished(batchId);
  return completed;
};

/** @returns the zip's bytes */
const writeZip = async (batch: BatchRecord, eventId: string, objects: ObjectStore): Promise<number> => {
  const { batchId } = batch;
  const plan = await readPlan(objects, batchId);
  if (plan === undefined || plan.attempt !== batch.attempt) {
    throw new PermanentError('BATCH_INVALID', `The plan of batch ${batchId} is no longer there`);
  }
  const rejected = await readRejected(objects, plan);
  const totals = { bytes: 0, succeeded: 0, failed: 0 };
  const pieces = zipOf(fragmentsOf(plan, objects), rejected, dosTimeOf(plan.requestedAt), totals);
  await objects.upload(objectKeys(batchId).zip, pieces, {
    contentType: 'application/zip',
    // All that a batch's end consists of: a Redis that lost its data gets it back from here.
    metadata: {
      assembly: eventId,
      attempt: String(batch.attempt),
      user: encodeURIComponent(batch.userId),
      priority: batch.priority,
      total: String(batch.total),
      done: String(batch.done),
      failed: String(batch.failed),
      requested: batch.requestedAt,
    },
  });
  return totals.bytes;
};

class MissingChunks extends Error {
  readonly chunks: readonly number[];

  constructor(chunks: readonly number[]) {
    super(`chunks ${chunks.join(', ')} are missing`);
    this.chunks = chunks;
  }
}

/** The fragments of the plan in order, some of them fetched ahead. */
async function* fragmentsOf(plan: Plan, objects: ObjectStore): AsyncGenerator<Fragment> {
  const keys = attemptKeys(plan.batchId, plan.attempt);
  const stored = new Set(await objects.list(objectKeys(plan.batchId).work));
  const missing = plan.chunks.flatMap((_, chunk) => (stored.has(keys.chunk(chunk)) ? [] : [chunk]));
  if (missing.length > 0) throw new MissingChunks(missing);
  const fetch = (chunk: number): Promise<Buffer | undefined> => {
    const bytes = objects.get(keys.chunk(chunk));
    // A failure is met when the fragment's turn comes; until then it must not count as unhandled.
    bytes.catch(() => undefined);
    return bytes;
  };
  const ahead = plan.chunks.slice(0, AHEAD).map((_, chunk) => fetch(chunk));
  for (let chunk = 0; chunk < plan.chunks.length; chunk++) {
    const bytes = await ahead.shift();
    if (bytes === undefined) throw new MissingChunks([chunk]);
    if (chunk + AHEAD < plan.chunks.length) ahead.push(fetch(chunk + AHEAD));
    yield deserialise(bytes);
  }
}

/** Chunks that were done are gone: they are rendered again, and the last of them asks for the assembly again. */
const reopened = async (
  batch: BatchRecord,
  chunks: readonly number[],
  eventId: string,
  ports: Ports,
): Promise<Outcome> => {
  const { batchId, userId, priority } = batch;
  await reopenChunks(ports.redis, batchId, chunks);
  const enqueue = rangesOf(chunks).map((range) => ({ batchId, userId, ...range }));
  return settledOutcome(ports, await ports.admission(priority).settle(eventId, { enqueue }), priority, eventId);
};

const completedOutcome = (batch: BatchRecord): Outcome => {
  const {
    batchId,
    userId,
    state,
    done,
    failed,
    total,
    requestedAt,
    zipKey = '',
    zipBytes = 0,
    completedAt = '',
  } = batch;
  const status = state === 'completed' ? 'completed' : 'completed_with_errors';
  return {
    events: [
      {
        type: 'bulk.qr.generation.completed',
        name: `completed/${batchId}`,
        payload: {
          batchId,
          userId,
          status,
          itemCount: total,
          succeeded: done,
          failed,
          zipKey,
          zipBytes,
          requestedAt,
          completedAt,
        },
      },
    ],
    updates: [
      { userId, type: 'bulk.qr.completed', data: { batchId, state: status, done, failed, total, zipKey, zipBytes } },
    ],
  };
};
