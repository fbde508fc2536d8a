import type { Action } from '../../../server/dead-letters/actions.ts';

/** What can be done with letters, in the words of the page. */
export const ACTIONS: Readonly<
  Record<
    Action,
    {
      readonly title: string;
      /** What it does, for the plan. */
      readonly does: string;
      readonly done: string;
      /** Whether it asks why. */
      readonly why: 'needed' | 'taken' | 'none';
    }
  >
> = {
  redrive: {
    title: 'Put back',
    does: 'To be put back, with their own key, value and headers',
    done: 'put back',
    why: 'none',
  },
  park: { title: 'Park', does: 'Nothing happens to them by themselves any more', done: 'parked', why: 'taken' },
  discard: {
    title: 'Discard',
    does: 'Not to take effect; they are kept until they go by age',
    done: 'discarded',
    why: 'needed',
  },
};
