import { setTimeout as delay } from 'node:timers/promises';
import { StreamError } from '../../errors.ts';
import type { Worker } from './worker.ts';

const STOPPED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;

/**
 * Deletes a connector and where it was, so that one of the same name begins anew: what Connect remembers of a replication slot
 * that is dropped is a place in the log which the next slot does not have, and with which the connector refuses to run.
 *
 * @throws StreamError SERVICE_FAILED when its tasks do not end; it is stopped then, and not deleted
 */
export const forgetConnector = async (worker: Worker, name: string): Promise<void> => {
  await worker.stop(name);
  for (const end = Date.now() + STOPPED_WITHIN_MS; !(await isStopped(worker, name)); await delay(LOOK_EVERY_MS)) {
    if (Date.now() < end) continue;
    throw new StreamError('SERVICE_FAILED', `The tasks of the connector ${name} do not end.`, {
      next: 'The worker’s log may tell why: ./stream-manager.sh logs connect; then run the same again',
    });
  }
  await worker.deleteOffsets(name);
  await worker.delete(name);
};

const isStopped = async (worker: Worker, name: string): Promise<boolean> => {
  const status = (await worker.connectors())[name]?.status;
  return status?.connector.state === 'STOPPED' && status.tasks.length === 0;
};
