import type { LetterPlace } from '../../../operations/dead-letters/index.ts';
import { InputError } from '../failure.ts';
import type { Input } from '../input.ts';

/** Where a page of letters goes on, as text: the time of the last failure, and the id. */
export const placeOf = (letter: LetterPlace | undefined): string | null =>
  letter === undefined ? null : `${Date.parse(letter.lastFailure)} ${letter.id}`;

/** @throws InputError for what no page has told */
export const placeIn = (input: Input): LetterPlace | undefined => {
  const text = input.optionalText('after');
  if (text === undefined) return undefined;
  const [, time, id] = /^(\d{1,15}) (.+)$/s.exec(text) ?? [];
  if (time === undefined || id === undefined) throw new InputError('after', 'after is what the page before has told.');
  return { id, lastFailure: new Date(Number(time)).toISOString() };
};
