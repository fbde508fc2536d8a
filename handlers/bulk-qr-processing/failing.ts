import { idFault } from '../../lib/batches/keys.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { Priority, Settled } from './admission.ts';
import type { BatchRecord } from './batch-state.ts';
import { failBatch } from './batch-transitions.ts';
import { joined, NOTHING, type Outcome, type Ports, taskEvent } from './outcome.ts';
import { deleteWork } from './work-objects.ts';

/**
 * Ends a batch as failed: its state, the user's update, the event for the notification. A batch that has ended before
 * stays as it is. Only the event that failed it says so, each time it is delivered, so that nobody hears of it twice.
 *
 * @param cause eventId of the event being handled
 */
export const failing = async (
  { objects, redis, now }: Ports,
  { batchId, userId }: { readonly batchId: string; readonly userId: string },
  error: PermanentError,
  cause: string,
): Promise<Outcome> => {
  const failure = { failedBy: cause, code: error.code, reason: error.message, failedAt: now() };
  const batch = await failBatch(redis, batchId, userId, failure);
  if (batch?.state !== 'failed' || batch.failedBy !== cause) return NOTHING;
  // What is left behind costs space and nothing else: a new attempt makes its own plan.
  if (idFault('batchId', batchId) === undefined) await deleteWork(objects, batchId).catch(() => undefined);
  return failureOutcome(batch);
};

/** What the failure of a batch comes to for an event that is delivered again after it has failed the batch. */
export const failedAgain = (batch: BatchRecord, cause: string): Outcome =>
  batch.state === 'failed' && batch.failedBy === cause
    ? { ...failureOutcome(batch), reject: new PermanentError('BATCH_INVALID', batch.reason ?? 'The batch failed') }
    : NOTHING;

const failureOutcome = (batch: BatchRecord): Outcome => {
  const { batchId, userId, attempt, code = '', reason = '', failedAt = '' } = batch;
  const failure = { code, reason, failedAt };
  return {
    events: [
      {
        type: 'bulk.qr.generation.failed',
        // A dead letter that is put back has its old id: a second attempt that fails is news all the same.
        name: `failed/${batchId}/${attempt}`,
        payload: { batchId, userId, ...failure },
      },
    ],
    updates: [{ userId, type: 'bulk.qr.failed', data: { batchId, state: 'failed', ...failure } }],
  };
};

/**
 * What a step of the admission window asks for: events for what it let out, failure for what it gave up.
 *
 * @param cause eventId of the event being handled
 */
export const settledOutcome = async (
  ports: Ports,
  settled: Settled,
  priority: Priority,
  cause: string,
): Promise<Outcome> => {
  const given = new Map(settled.abandoned.map((task) => [task.batchId, task]));
  const failures = await Promise.all(
    [...given.values()].map((task) => {
      const part = task.kind === 'plan' ? 'its items could not be read' : `chunk ${task.chunk} could not be rendered`;
      const message = `The batch was given up: ${part} in several attempts`;
      return failing(ports, task, new PermanentError('BATCH_INVALID', message), cause);
    }),
  );
  const events = settled.admitted.map((task) => taskEvent(task, priority));
  return joined({ events, updates: [] }, ...failures);
};
