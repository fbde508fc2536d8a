import { setMaxListeners } from 'node:events';
import { TransientError } from '../errors.ts';

/** Time kept back for reporting: a tenth of what the invocation has, within these bounds. */
const RESERVE = { share: 0.1, leastMs: 100, mostMs: 3_000 };

/** The end of an invocation, a little before Lambda's own. */
export interface Deadline {
  /** Milliseconds left, never negative. */
  readonly remainingMs: () => number;
  readonly signal: AbortSignal;
  /**
   * Waits for work, but not beyond the deadline.
   *
   * @throws TransientError TIMED_OUT; what the work still does then is nobody's, and its result is dropped
   */
  readonly within: <Value>(work: Promise<Value>) => Promise<Value>;
  /** Ends the timer. */
  readonly release: () => void;
}

/** @param remainingMs milliseconds until Lambda ends the invocation */
export const openDeadline = (remainingMs: number): Deadline => {
  const reserve = Math.min(Math.max(remainingMs * RESERVE.share, RESERVE.leastMs), RESERVE.mostMs);
  const length = Math.max(0, remainingMs - reserve);
  const end = performance.now() + length;
  const controller = new AbortController();
  // A listener for each record that is worked at the same time is no leak.
  setMaxListeners(0, controller.signal);
  const timer = setTimeout(() => controller.abort(timedOut()), length);
  return {
    remainingMs: () => Math.max(0, end - performance.now()),
    signal: controller.signal,
    within: (work) =>
      new Promise((resolve, reject) => {
        const late = (): void => reject(controller.signal.reason);
        if (controller.signal.aborted) late();
        controller.signal.addEventListener('abort', late, { once: true });
        work.then(resolve, reject).finally(() => controller.signal.removeEventListener('abort', late));
      }),
    release: () => clearTimeout(timer),
  };
};

const timedOut = (): TransientError =>
  new TransientError('TIMED_OUT', 'The invocation has no time left for this record', {
    next: 'Raise the timeout of the topic’s function in the catalog, or lower its batch size',
  });
