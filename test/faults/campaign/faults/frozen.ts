import { setTimeout as delay } from 'node:timers/promises';
import { environmentOf, signalled } from '../../../support/processes.ts';
import { type Fault, requireHit, type Scene } from './fault.ts';

/** Longer than a group waits for a member that is silent (six seconds), shorter than a function's time limit. */
const FROZEN_MS = 20_000;

/** Processes that get SIGSTOP, and SIGCONT later: whoever talks to them waits, and they come back unaware of the time. */
const frozen = (name: string, about: string, pidsOf: (scene: Scene) => readonly number[]): Fault => ({
  name,
  about,
  stack: 'one broker',
  strike: async (scene) => {
    const pids = pidsOf(scene);
    try {
      // A function's process may end by itself, and one that is stopped for too long is killed by its host.
      const stopped = pids.filter((pid) => signalled(pid, 'SIGSTOP'));
      requireHit(stopped.length, 'process');
      scene.note(`${stopped.length} processes stopped for ${FROZEN_MS / 1_000} s`);
      await delay(FROZEN_MS, undefined, { signal: scene.signal });
    } finally {
      for (const pid of pids) signalled(pid, 'SIGCONT');
    }
  },
});

export const brokerFrozen = frozen('broker-frozen', 'The broker is stopped for 20 s.', ({ stack }) => [
  stack.pid('kafka'),
]);

export const redisFrozen = frozen('redis-frozen', 'Redis is stopped for 20 s.', ({ stack }) => [stack.pid('redis')]);

export const mappingFrozen = frozen(
  'mapping-frozen',
  'The functions host is stopped for 20 s: its members leave their groups, and it commits as if nothing had happened.',
  ({ stack }) => [stack.pid('functions')],
);

export const functionFrozen = frozen(
  'function-frozen',
  'Half of the function processes are stopped for 20 s in the middle of a batch.',
  ({ stack, dice }) =>
    stack
      .children('functions')
      .filter((pid) => environmentOf(pid).includes('AWS_LAMBDA_FUNCTION_NAME='))
      .filter((_, i) => i === 0 || dice.chance(0.5)),
);
