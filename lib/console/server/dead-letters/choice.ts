import {
  findLetters,
  type LetterFilter,
  type LetterStores,
  requireLetter,
} from '../../../operations/dead-letters/index.ts';
import { MOMENT_WORDS, momentIn } from '../../../operations/moment.ts';
import { LETTER_STATUSES, type Letter, type LetterStatus } from '../../../stores/dead-letters/index.ts';
import { InputError } from '../failure.ts';
import type { Input } from '../input.ts';

/** Letters that something is to be done with: the one named, or those of a filter. */
export type Choice = { readonly id: string } | { readonly filter: LetterFilter };

const STATUS_WORDS = ['all', ...LETTER_STATUSES] as const;
/** Nothing failed before Kafka was there, nor will after this. */
const UNTIL = { min: 0, max: 8_640_000_000_000_000 };

/** @param statuses those that are meant unless the request says otherwise */
const statusesIn = (input: Input, statuses: readonly LetterStatus[]): readonly LetterStatus[] => {
  if (input.optionalText('status') === undefined) return statuses;
  const status = input.oneOf('status', STATUS_WORDS);
  return status === 'all' ? LETTER_STATUSES : [status];
};

const sinceIn = (input: Input): number | undefined => {
  const text = input.optionalText('since');
  const time = text === undefined ? undefined : momentIn(text);
  if (text !== undefined && time === undefined) throw new InputError('since', `since must be ${MOMENT_WORDS}.`);
  return time;
};

/** The filter of a request. @throws InputError */
export const filterIn = (input: Input, statuses: readonly LetterStatus[]): LetterFilter => ({
  topic: input.optionalText('topic'),
  code: input.optionalText('reason'),
  consumer: input.optionalText('consumer'),
  statuses: statusesIn(input, statuses),
  since: sinceIn(input),
  until: input.optionalWhole('until', UNTIL),
});

/** @param until of a filter that says nothing of it. @throws InputError */
export const choiceIn = (input: Input, statuses: readonly LetterStatus[], until?: number): Choice => {
  const id = input.optionalText('id');
  if (id !== undefined) return { id };
  const filter = filterIn(input, statuses);
  return { filter: { ...filter, until: filter.until ?? until } };
};

/** @throws StreamError NOT_FOUND for an id nobody knows */
export const chosen = async (choice: Choice, { redis }: Pick<LetterStores, 'redis'>): Promise<readonly Letter[]> =>
  'id' in choice ? [await requireLetter(redis, choice.id)] : findLetters(redis, choice.filter);
