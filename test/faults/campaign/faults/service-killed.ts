import type { Fault } from './fault.ts';
import { pause } from './pause.ts';
import { recover } from './recovery.ts';

/** A service that gets SIGKILL, is away for a while, and is started again by the command an operator would use. */
const killed = (name: string, about: string, service: string): Fault => ({
  name,
  about,
  stack: 'one broker',
  strike: async (scene) => {
    await scene.stack.kill(service);
    scene.note(`${service} killed`);
    await pause(scene, 0, 3_000);
    await recover(scene);
  },
});

export const mappingKilled = killed(
  'mapping-killed',
  'The functions host, which is the event source mappings, gets SIGKILL with all of its functions, and comes back.',
  'functions',
);

export const brokerKilled = killed('broker-killed', 'The only broker gets SIGKILL and comes back.', 'kafka');

export const redisKilled = killed(
  'redis-killed',
  'Redis gets SIGKILL and comes back; every write it answered had reached the kernel, so none is gone.',
  'redis',
);

export const storeKilled = killed('store-killed', 'The object store gets SIGKILL and comes back.', 'aws');
