import { isRunning } from '../../../support/processes.ts';
import { until } from '../../../support/until.ts';
import type { Fault } from './fault.ts';
import { recover } from './recovery.ts';

/** The laptop is switched off. */
export const everythingKilled: Fault = {
  name: 'everything-killed',
  about: 'Every process of the stack gets SIGKILL at once, and the stack is started again.',
  stack: 'one broker',
  strike: async (scene) => {
    const { stack, note } = scene;
    const all = [...stack.children('functions'), ...stack.processes()];
    for (const pid of stack.processes()) process.kill(pid, 'SIGKILL');
    await until('all are gone', () => !all.some(isRunning));
    note(`${all.length} processes killed`);
    await recover(scene);
  },
};
