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
    does: 'Put back with the same key, value and headers',
    done: 'put back',
    why: 'none',
  },
  park: { title: 'Park', does: 'Nothing happens by itself any more', done: 'parked', why: 'taken' },
  discard: {
    title: 'Discard',
    does: 'Not to take effect, and kept until it goes by age',
    done: 'discarded',
    why: 'needed',
  },
};
