import { setTimeout as delay } from 'node:timers/promises';
import { TransientError } from '../errors.ts';

const AGAIN_MS = 500;

/**
 * Does it again while it fails for a reason that passes: a service that has just begun to answer may still be slow on a busy
 * machine.
 *
 * @param forMs how long, milliseconds
 * @throws what it threw last, or at once what is no TransientError
 */
export const patiently = async <Result>(
  work: () => Promise<Result>,
  forMs: number,
  againMs: number = AGAIN_MS,
): Promise<Result> => {
  for (const end = Date.now() + forMs; ; await delay(againMs)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransientError) || Date.now() >= end) throw error;
    }
  }
};
