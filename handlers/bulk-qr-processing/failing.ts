import { PermanentError } from '../../lib/errors.ts';
import type { Priority, Settled } from './admission.ts';
import { failBatch } from './batch-transitions.ts';
import { idFault } from './keys.ts';
import { joined, NOTHING, type Outcome, type Ports, taskEvent } from './outcome.ts';
import { deleteWork } from './work-objects.ts';

/**
 * Ends a batch as failed: its state, the user's update, the event for the notification. A batch that has ended before
 * stays as it is, and what was said then is said again, with the same ids.
 */
export const failing = async (
  { objects, redis, now }: Ports,
  { batchId, userId }: { readonly batchId: string; readonly userId: string },
  error: PermanentError,
): Promise<Outcome> => {
  const batch = await failBatch(redis, batchId, userId, { code: error.code, reason: error.message, failedAt: now() });
  if (batch !== undefined && batch.state !== 'failed') return NOTHING;
  // What is left behind costs space and nothing else: a new attempt makes its own plan.
  if (idFault('batchId', batchId) === undefined) await deleteWork(objects, batchId).catch(() => undefined);
  const failure = {
    code: batch?.code ?? error.code,
    reason: batch?.reason ?? error.message,
    failedAt: batch?.failedAt ?? now(),
  };
  return {
    events: [
      { type: 'bulk.qr.generation.failed', name: `failed/${batchId}`, payload: { batchId, userId, ...failure } },
    ],
    updates: [{ userId, type: 'bulk.qr.failed', data: { batchId, state: 'failed', ...failure } }],
  };
};

/** What a step of the admission window asks for: events for what it let out, failure for what it gave up. */
export const settledOutcome = async (ports: Ports, settled: Settled, priority: Priority): Promise<Outcome> => {
  const given = new Map(settled.abandoned.map((task) => [task.batchId, task]));
  const failures = await Promise.all(
    [...given.values()].map((task) => {
      const part = task.kind === 'plan' ? 'its items could not be read' : `chunk ${task.chunk} could not be rendered`;
      const message = `The batch was given up: ${part} in several attempts`;
      return failing(ports, task, new PermanentError('BATCH_INVALID', message));
    }),
  );
  const events = settled.admitted.map((task) => taskEvent(task, priority));
  return joined({ events, updates: [] }, ...failures);
};
