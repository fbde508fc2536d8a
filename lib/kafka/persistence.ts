import { setTimeout as delay } from 'node:timers/promises';
import { brokerErrorOf, errorOfCode, isPassing } from './errors.ts';

/** How long one request may fail before whoever writes gives up, ms: a broker that was stopped is back by then. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 200;

/** A transaction's state is being loaded, or the one before it is not quite over. */
const BUSY: ReadonlySet<string> = new Set(['CONCURRENT_TRANSACTIONS', 'COORDINATOR_LOAD_IN_PROGRESS']);

/** @throws the error that a code of the protocol means; 0 is none */
export const requireDone = <Answer extends { readonly code: number }>(answer: Answer): Answer => {
  if (answer.code !== 0) throw errorOfCode(answer.code);
  return answer;
};

/**
 * Does work again while what fails may pass by itself.
 *
 * @param afterFailure puts right what the failure may have left behind; when it fails itself, it is done again before `work`
 * @throws what fails for good, or for longer than a minute
 */
export const persistently = async <Result>(
  work: () => Promise<Result>,
  afterFailure: () => Promise<void> | void,
): Promise<Result> => {
  let hasFailed = false;
  for (const end = Date.now() + PATIENCE_MS; ; await delay(AGAIN_MS)) {
    try {
      if (hasFailed) await afterFailure();
      return await work();
    } catch (error) {
      const isBusy = BUSY.has(brokerErrorOf(error) ?? '');
      if ((!isPassing(error) && !isBusy) || Date.now() > end) throw error;
      hasFailed = true;
    }
  }
};
