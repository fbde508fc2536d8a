import { hash } from 'node:crypto';
import type { Rejected } from '../../lib/batches/item.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { ObjectStore } from '../../lib/stores/objects.ts';
import type { ChunkTask } from './admission.ts';
import { type BatchRecord, isFinished, readBatchRecord } from './batch-state.ts';
import { isChunkDone, recordChunk } from './batch-transitions.ts';
import { failedAgain, failing, settledOutcome } from './failing.ts';
import { attemptKeys } from './keys.ts';
import { assemblyEvent, type ChunkEvent, joined, NOTHING, type Outcome, type Ports, progressOf } from './outcome.ts';
import { type PlannedItem, plannedItems } from './plan.ts';
import { recovered, recoverOthers, vanished } from './recovery.ts';
import { ItemError } from './render/item-error.ts';
import type { Image } from './render/renderer.ts';
import { type ManifestRow, manifestRows } from './tables.ts';
import { type LoadedPlan, loadPlan } from './work-objects.ts';
import { type Fragment, FragmentWriter, serialise } from './zip/fragment.ts';
import { type DosTime, dosTimeOf } from './zip/records.ts';

/**
 * `bulk.qr.chunk.requested`: renders one chunk and stores it as a piece of the zip, counts it, lets the next tasks out,
 * and asks for the assembly when it was the last. A chunk that is done, or whose batch has ended, only lets the next out.
 */
export const chunkRequested = async (event: ChunkEvent, ports: Ports): Promise<Outcome> => {
  const { batchId, userId, chunk, priority } = event.payload;
  const task: ChunkTask = { kind: 'chunk', batchId, userId, chunk };
  const settle = async (): Promise<Outcome> =>
    settledOutcome(
      ports,
      await ports.admission(priority).settle(event.eventId, { release: task }),
      priority,
      event.eventId,
    );
  const [known, isDone, others] = await Promise.all([
    readBatchRecord(ports.redis, batchId),
    isChunkDone(ports.redis, batchId, chunk),
    recoverOthers(ports, batchId, event.eventId),
  ]);
  const found =
    known === undefined ? await recovered(ports, batchId, event.eventId) : { batch: known, outcome: NOTHING };
  if (found === undefined) {
    const gone = new PermanentError('NOT_FOUND', `Nothing is left of batch ${batchId}: no plan, no zip, no state`);
    return joined(await settle(), others, { ...NOTHING, reject: gone });
  }
  const { batch, outcome } = found;
  if (isFinished(batch)) return joined(await settle(), outcome, others, failedAgain(batch, event.eventId));
  if (isDone || batch.state === 'assembling') return joined(await settle(), outcome, others, assemblyWhenReady(batch));
  try {
    const counted = await rendered(batch, chunk, ports);
    if (counted === undefined) return joined(await settle(), outcome, others);
    const progress = { events: [], updates: [progressOf(counted)] };
    return joined(await settle(), outcome, others, progress, assemblyWhenReady(counted));
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return joined(await failing(ports, batch, error, event.eventId), await settle(), others, {
      ...NOTHING,
      reject: error,
    });
  }
};

const assemblyWhenReady = (batch: BatchRecord): Outcome =>
  batch.state === 'assembling' ? { events: [assemblyEvent(batch)], updates: [] } : NOTHING;

/** Renders, stores and counts a chunk; undefined for one that an earlier attempt at the batch has left behind. */
const rendered = async (
  batch: BatchRecord,
  chunk: number,
  { objects, redis }: Ports,
): Promise<BatchRecord | undefined> => {
  const { batchId, attempt } = batch;
  const work = await loadPlan(objects, batchId, attempt);
  if (work === undefined && batch.chunks === 0) return undefined;
  const items = work === undefined ? undefined : await itemsOf(objects, work, chunk);
  if (work === undefined || items === undefined) {
    throw new PermanentError(
      'BATCH_INVALID',
      `The plan of batch ${batchId} is no longer there, or has no chunk ${chunk}`,
    );
  }
  const fragment = renderChunk(items, work.render, dosTimeOf(work.plan.requestedAt));
  await objects.put(attemptKeys(batchId, attempt).chunk(chunk), serialise(fragment));
  const counts = { succeeded: fragment.succeeded, failed: fragment.errors.length };
  const counted = await recordChunk(redis, batchId, chunk, counts);
  if (counted === undefined) throw vanished(batchId);
  return counted;
};

const itemsOf = async (
  objects: ObjectStore,
  { plan }: LoadedPlan,
  chunk: number,
): Promise<PlannedItem[] | undefined> => {
  const slice = plan.chunks[chunk];
  if (slice === undefined) return undefined;
  const bytes = await objects.getRange(attemptKeys(plan.batchId, plan.attempt).items, slice.offset, slice.length);
  return bytes === undefined || bytes.length !== slice.length ? undefined : plannedItems(bytes);
};

/** Renders items into a piece of the zip; the same items always make the same bytes. */
export const renderChunk = (
  items: readonly PlannedItem[],
  render: (data: string) => readonly Image[],
  at: DosTime,
): Fragment => {
  const zip = new FragmentWriter(at);
  const rows: ManifestRow[] = [];
  const errors: Rejected[] = [];
  let succeeded = 0;
  for (const [line, id, data, stem] of items) {
    const images = imagesOrReason(render, data);
    if (typeof images === 'string') {
      errors.push({ line, id, reason: images });
      continue;
    }
    for (const { format, bytes } of images) {
      const file = `codes/${stem}.${format}`;
      zip.add(file, bytes, format === 'svg');
      rows.push([id, file, hash('sha256', bytes, 'hex'), data]);
    }
    succeeded++;
  }
  return zip.finish({ manifest: Buffer.from(manifestRows(rows)), succeeded, errors });
};

const imagesOrReason = (render: (data: string) => readonly Image[], data: string): readonly Image[] | string => {
  try {
    return render(data);
  } catch (error) {
    if (error instanceof ItemError) return error.message;
    throw error;
  }
};
