import { messageOf } from '../../../../lib/errors.ts';
import type { Scene } from './fault.ts';

const TRIES = 3;

/** Starts what is not up, as an operator would: with `start`, and once more where a busy machine was too slow for it. */
export const recover = async ({ stack, note }: Scene): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await stack.start();
    } catch (error) {
      if (attempt === TRIES) throw error;
      note(`start failed, and is tried again: ${messageOf(error)}`);
    }
  }
};
