import { environmentOf } from '../../../support/processes.ts';
import { type Fault, requireHit } from './fault.ts';
import { pause } from './pause.ts';

/** Fewer than the retries of a record: at worst all of them hit the same one. */
const ROUNDS = 6;

/** Functions end in the middle of a batch, as in Lambda by running out of memory. */
export const functionKilled: Fault = {
  name: 'function-killed',
  about: 'Function processes get SIGKILL in the middle of a batch, again and again.',
  stack: 'one broker',
  strike: async (scene) => {
    const { stack, dice, note } = scene;
    let killed = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await pause(scene, 100, 900);
      for (const pid of stack.children('functions').filter(isFunction)) {
        if (dice.chance(0.4)) continue;
        killed += Number(kill(pid));
      }
    }
    note(`${killed} function processes killed`);
    requireHit(killed, 'function');
  },
};

const isFunction = (pid: number): boolean => environmentOf(pid).includes('AWS_LAMBDA_FUNCTION_NAME=');

/** It may have ended by itself since it was seen. */
const kill = (pid: number): boolean => {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
};
