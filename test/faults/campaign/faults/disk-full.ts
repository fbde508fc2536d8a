import { isRunning } from '../../../support/processes.ts';
import { until } from '../../../support/until.ts';
import type { Fault } from './fault.ts';
import { pause } from './pause.ts';
import { recover } from './recovery.ts';

/** A broker that cannot write its log ends itself; on what is only mapped into memory it may die of a signal as well. */
const ENDS_WITHIN_MS = 60_000;

/** The broker's disk is full: it gives up, somebody makes room, and it is started again. */
export const diskFull: Fault = {
  name: 'disk-full',
  about: 'The file system of the broker is filled to the last byte until the broker ends; then room is made.',
  stack: 'small disk',
  strike: async (scene) => {
    const { stack, disk, note, signal } = scene;
    if (disk === undefined) throw new RangeError('this stack has no small disk');
    const broker = stack.pid('kafka');
    try {
      note(`${await disk.fill()} MiB filled`);
      await until('the broker has ended', () => signal.aborted || !isRunning(broker), { timeoutMs: ENDS_WITHIN_MS });
      note('the broker has ended');
      await pause(scene, 0, 2_000);
    } finally {
      await disk.clear();
    }
    await recover(scene);
  },
};
