import { idFault } from '../../lib/batches/keys.ts';
import { PermanentError } from '../../lib/errors.ts';
import { readEntitlements } from '../../lib/stores/entitlements.ts';
import type { PlanTask } from './admission.ts';
import { type BatchRecord, readBatchRecord } from './batch-state.ts';
import { openBatch, planBatch } from './batch-transitions.ts';
import { failing, settledOutcome } from './failing.ts';
import { batchOfUserKey, openBatchKey } from './keys.ts';
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
import { recovered, recoverOthers } from './recovery.ts';

/**
 * `bulk.qr.generation.requested`: the batch gets its turn, its template and items are read and checked, and its first
 * chunks are let out. An invalid batch fails with its reason, and its record goes to the dead-letter queue. A failed batch
 * may be requested again, by a new event or by the dead letter put back: each time is an attempt of its own.
 */
export const generationRequested = async (event: RequestEvent, ports: Ports): Promise<Outcome> => {
  const { payload, eventId } = event;
  const nobody = userFault(payload.userId);
  if (nobody !== undefined) return refusal('BATCH_INVALID', nobody);
  const fault = faultOf(payload);
  const known = await readBatchRecord(ports.redis, payload.batchId);
  const isLost = known === undefined && fault === undefined;
  const lost = isLost ? await recovered(ports, payload.batchId, eventId, true) : undefined;
  const former = known ?? lost?.batch;
  if (former !== undefined && former.userId !== payload.userId) return refusal('RULE_VIOLATED', TAKEN);
  if (former !== undefined && former.state !== 'failed') {
    if (fault !== undefined) return refusal('BATCH_INVALID', fault);
    if (former.total !== payload.itemCount) return refusal('RULE_VIOLATED', TAKEN);
    return joined(await planned(event, former, ports), lost?.outcome ?? NOTHING);
  }
  const [batch, limit] = await Promise.all([opened(event, former, ports), planFault(payload, ports)]);
  if (fault !== undefined) {
    return rejected(ports, batch, new PermanentError('BATCH_INVALID', `The request is refused: ${fault}`), eventId);
  }
  return limit === undefined ? planned(event, batch, ports) : rejected(ports, batch, limit, eventId);
};

type Request = RequestEvent['payload'];

const TAKEN = 'a batch of this id was requested before, with another user or item count: use a new batchId';

/** The request is wrong and no batch is touched by it. */
const refusal = (code: 'BATCH_INVALID' | 'RULE_VIOLATED', fault: string): Outcome => ({
  ...NOTHING,
  reject: new PermanentError(code, `The request is refused: ${fault}`),
});

/** Why there is nobody who could be told of this batch. */
const userFault = (userId: string): string | undefined => {
  const sound = userId !== '' && userId.length <= LIMITS.idLength && !/[\p{Cc}\p{Surrogate}]/u.test(userId);
  return sound ? undefined : `userId must have 1 to ${LIMITS.idLength} characters and no control characters`;
};

const faultOf = ({ batchId, templateId, itemCount }: Request): string | undefined => {
  if (itemCount > LIMITS.items) return `a batch may have ${LIMITS.items} items, not ${itemCount}`;
  return idFault('batchId', batchId) ?? idFault('templateId', templateId);
};

/** Why the user's plan does not allow this batch; who has no plan known here may do what is possible at all. */
const planFault = async ({ userId, itemCount }: Request, { redis }: Ports): Promise<PermanentError | undefined> => {
  const may = await readEntitlements(redis, userId);
  if (may === undefined || itemCount <= may.batchItems) return undefined;
  const message = `The plan ${may.plan} allows ${may.batchItems} items in a batch, and this one has ${itemCount}`;
  return new PermanentError('RULE_VIOLATED', message, { next: 'Split the batch, or choose a larger plan' });
};

/** Makes the batch known: as new, or as the next attempt at one that failed. */
const opened = async (
  { payload, timestamp }: RequestEvent,
  former: BatchRecord | undefined,
  { objects, redis }: Ports,
): Promise<BatchRecord> => {
  const { batchId, userId, priority, itemCount } = payload;
  const requestedAt = new Date(timestamp).toISOString();
  // First: an erasure is to find whatever there is of the batch.
  if (idFault('batchId', batchId) === undefined) await objects.put(batchOfUserKey(userId, batchId), batchId);
  if (faultOf(payload) === undefined) {
    const open: OpenBatch = { ...payload, requestedAt, attempt: (former?.attempt ?? 0) + 1 };
    await objects.put(openBatchKey(batchId), JSON.stringify(open), { contentType: 'application/json' });
  }
  return openBatch(redis, { batchId, userId, priority, total: itemCount, requestedAt });
};

/** Gives the batch its turn and plans it, unless it has its plan. */
const planned = async (event: RequestEvent, batch: BatchRecord, ports: Ports): Promise<Outcome> => {
  const { payload, eventId } = event;
  const { batchId, userId } = batch;
  // The answers of an earlier attempt, which the same event may have made, are not those of this one.
  const cause = `${eventId}/${batch.attempt}`;
  const admission = ports.admission(payload.priority);
  const task: PlanTask = { kind: 'plan', ...payload };
  const settle = async (change: Parameters<typeof admission.settle>[1], name = cause): Promise<Outcome> =>
    settledOutcome(ports, await admission.settle(name, change), payload.priority, eventId);

  const hasPlan = batch.chunks > 0 || batch.state !== 'planned';
  if (!hasPlan && !(await admission.admit(cause, task))) {
    // Entering may have found leases that ran out: what they held goes on from here, if nothing else does.
    return joined(await settle({}, `${cause}/queued`), { events: [], updates: [progressOf(batch)] });
  }
  const others = await recoverOthers(ports, batchId, eventId);
  if (hasPlan) return joined(await settle({ release: task }), others, assemblyWhenReady(batch));
  try {
    const plan = await makePlan(payload, batch, ports.objects);
    const chunks = plan.chunks.length;
    // The chunks enter the list before their number is set: dying in between, the same is done again and changes nothing.
    const enqueue = chunks === 0 ? [] : [{ batchId, userId, from: 0, to: chunks - 1 }];
    const tasks = await settle({ release: task, enqueue });
    const now = (await planBatch(ports.redis, batchId, chunks, plan.rejected)) ?? batch;
    return joined(tasks, others, { events: [], updates: [progressOf(now)] }, assemblyWhenReady(now));
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return joined(await rejected(ports, batch, error, eventId), await settle({ release: task }), others);
  }
};

const rejected = async (ports: Ports, batch: BatchRecord, error: PermanentError, cause: string): Promise<Outcome> => ({
  ...(await failing(ports, batch, error, cause)),
  reject: error,
});

const assemblyWhenReady = (batch: BatchRecord): Outcome =>
  batch.state === 'assembling' ? { events: [assemblyEvent(batch)], updates: [] } : NOTHING;
