import { environmentOf } from '../../../support/processes.ts';
import type { Fault } from './fault.ts';
import { pause } from './pause.ts';
import { recover } from './recovery.ts';

/** The registry is away, and functions that have never asked it begin: none of them knows a schema. */
export const registryDown: Fault = {
  name: 'registry-down',
  about: 'The schema registry gets SIGKILL, and so does every function, so that the new ones have no schema cached.',
  stack: 'one broker',
  strike: async (scene) => {
    const { stack, note } = scene;
    await stack.kill('schema-registry');
    const functions = stack.children('functions').filter((pid) => environmentOf(pid).includes('AWS_LAMBDA_'));
    for (const pid of functions) process.kill(pid, 'SIGKILL');
    note(`registry and ${functions.length} functions killed`);
    await pause(scene, 3_000, 8_000);
    await recover(scene);
  },
};
