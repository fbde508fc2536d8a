import { setInterval } from 'node:timers/promises';

// Alive, and never done loading.
for await (const _ of setInterval(1_000));

export const handler = (): undefined => undefined;
