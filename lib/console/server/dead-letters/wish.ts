import { InputError } from '../failure.ts';
import type { Input } from '../input.ts';
import { ACTIONS } from './actions.ts';
import { ACTS, type Wish } from './acts.ts';
import { choiceIn } from './choice.ts';

const RATE = { min: 1, max: 100_000 };

/** What a request wants to be done with letters. @throws InputError */
export const wishIn = (input: Input, by: string): Wish => {
  const action = input.oneOf('action', ACTIONS);
  const choice = choiceIn(input, ACTS[action].statuses);
  const json = input.optionalText('json');
  if (json !== undefined && (action !== 'redrive' || !('id' in choice))) {
    throw new InputError('json', 'A new payload is for the one letter that is put back.');
  }
  return {
    ...{ action, choice, by, json },
    why: action === 'discard' ? input.text('why') : input.optionalText('why'),
    again: input.flag('again'),
    perSecond: input.optionalWhole('rate', RATE),
  };
};
