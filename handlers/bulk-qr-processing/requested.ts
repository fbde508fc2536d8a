import { PermanentError } from '../../lib/errors.ts';
import type { PlanTask } from './admission.ts';
import { type BatchRecord, isFinished, readBatchRecord } from './batch-state.ts';
import { openBatch, planBatch } from './batch-transitions.ts';
import { failing, settledOutcome } from './failing.ts';
import { idFault, openBatchKey } from './keys.ts';
import { LIMITS } from './limits.ts';
import {
  assemblyEvent,
  joined,
  NOTHING,
  type OpenBatch,
  type Outcome,
  type Ports,
  progressOf,
  type RequestEvent,
} from './outcome.ts';
import { makePlan } from './planning.ts';
import { recoverBatch, recoverOthers } from './recovery.ts';

/**
 * `bulk.qr.generation.requested`: the batch gets its turn, its template and items are read and checked, and its first
 * chunks are let out. An invalid batch fails with its reason, and its record goes to the dead-letter queue.
 */
export const generationRequested = async (event: RequestEvent, ports: Ports): Promise<Outcome> => {
  const { payload } = event;
  const known = await readBatchRecord(ports.redis, payload.batchId);
  const fault = faultOf(payload);
  if (fault !== undefined) {
    const error = new PermanentError('BATCH_INVALID', `The request is refused: ${fault}`);
    if (known !== undefined && known.state !== 'failed') return { ...NOTHING, reject: error };
    return rejected(ports, payload, error);
  }
  const batch = known === undefined || known.state === 'failed' ? await accepted(event, ports) : known;
  if (batch.userId !== payload.userId || batch.total !== payload.itemCount) {
    const message = `Batch ${batch.batchId} was requested before, with another user or item count`;
    return { ...NOTHING, reject: new PermanentError('RULE_VIOLATED', message, { next: 'Use a new batchId' }) };
  }
  const admission = ports.admission(payload.priority);
  const task: PlanTask = { kind: 'plan', ...payload };
  const isPlanned = batch.chunks > 0 || batch.state !== 'planned';
  if (!isPlanned && !(await admission.admit(event.eventId, task))) return { events: [], updates: [progressOf(batch)] };

  const others = await recoverOthers(ports, batch.batchId, event.eventId);
  const settle = async (chunks: number): Promise<Outcome> => {
    const { batchId, userId } = batch;
    const enqueue = chunks === 0 ? [] : [{ batchId, userId, from: 0, to: chunks - 1 }];
    return settledOutcome(ports, await admission.settle(event.eventId, { release: task, enqueue }), payload.priority);
  };
  if (isPlanned) return joined(await settle(0), others, ...(isFinished(batch) ? [] : [assemblyWhenReady(batch)]));
  try {
    const plan = await makePlan(payload, batch, ports.objects);
    // The chunks enter the list before their number is set: dying in between, the same is done again and changes nothing.
    const tasks = await settle(plan.chunks.length);
    const now = (await planBatch(ports.redis, batch.batchId, plan.chunks.length, plan.rejected)) ?? batch;
    return joined(tasks, others, { events: [], updates: [progressOf(now)] }, assemblyWhenReady(now));
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return joined(await rejected(ports, payload, error), await settle(0), others);
  }
};

type Request = RequestEvent['payload'];

const faultOf = ({ batchId, templateId, userId, itemCount }: Request): string | undefined => {
  if (userId === '' || userId.length > LIMITS.idLength) return `userId must have 1 to ${LIMITS.idLength} characters`;
  if (itemCount > LIMITS.items) return `a batch may have ${LIMITS.items} items, not ${itemCount}`;
  return idFault('batchId', batchId) ?? idFault('templateId', templateId);
};

/** The batch as Redis knows it from now on: as requested, or as it had become when Redis has lost it. */
const accepted = async ({ payload, timestamp }: RequestEvent, ports: Ports): Promise<BatchRecord> => {
  const { batchId, userId, priority, itemCount } = payload;
  const recovered = await recoverBatch(ports, batchId);
  if (recovered !== undefined && recovered.batch.state !== 'failed') return recovered.batch;
  const open: OpenBatch = { ...payload, requestedAt: timestamp };
  await ports.objects.put(openBatchKey(batchId), JSON.stringify(open), { contentType: 'application/json' });
  return openBatch(ports.redis, { batchId, userId, priority, total: itemCount, requestedAt: timestamp });
};

const rejected = async (ports: Ports, request: Request, error: PermanentError): Promise<Outcome> => ({
  ...(await failing(ports, request, error)),
  reject: error,
});

const assemblyWhenReady = (batch: BatchRecord): Outcome =>
  batch.state === 'assembling' ? { events: [assemblyEvent(batch)], updates: [] } : NOTHING;
