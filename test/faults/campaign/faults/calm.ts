import type { Fault } from './fault.ts';

/** The control: what a run comes to without a fault. */
export const calm: Fault = {
  name: 'calm',
  about: 'Nothing happens: shows that the workload and its ledger agree by themselves.',
  stack: 'one broker',
  strike: async () => undefined,
};
