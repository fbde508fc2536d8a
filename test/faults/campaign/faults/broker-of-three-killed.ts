import type { Fault } from './fault.ts';
import { pause } from './pause.ts';
import { recover } from './recovery.ts';

const BROKERS = ['kafka', 'kafka-2', 'kafka-3'] as const;

/** One of three brokers is gone: every record is on two at least, so publishing and consuming go on without it. */
export const brokerOfThreeKilled: Fault = {
  name: 'broker-of-three-killed',
  about: 'One of three brokers (replication 3, min.insync.replicas 2) gets SIGKILL, and comes back after a while.',
  stack: 'three brokers',
  strike: async (scene) => {
    const { stack, dice, note } = scene;
    const broker = dice.pick(BROKERS);
    await stack.kill(broker);
    note(`${broker} killed`);
    await pause(scene, 2_000, 10_000);
    await recover(scene);
  },
};
