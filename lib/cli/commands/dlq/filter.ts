import type { Command } from 'commander';
import { StreamError } from '../../../errors.ts';
import type { LetterFilter, LetterStores } from '../../../operations/dead-letters/index.ts';
import { meantBy } from '../../../operations/dead-letters/meant.ts';
import { LETTER_STATUSES, type Letter, type LetterStatus } from '../../../stores/dead-letters/index.ts';
import { integer, listOf, moment, oneOf } from '../../arguments.ts';
import { escaped } from '../../escape.ts';
import type { StackChoice } from '../../stack.ts';
import { note } from '../../terminal.ts';

/** Flags by which letters are chosen. */
export interface FilterOptions extends StackChoice {
  readonly topic?: string;
  readonly reason?: string;
  readonly consumer?: string;
  readonly class?: 'permanent' | 'transient';
  readonly status?: readonly LetterStatus[];
  readonly since?: number;
  readonly limit?: number;
}

export const filterFlags = (command: Command, limit: string): Command =>
  command
    .option('--topic <TOPIC>', 'those of one source topic')
    .option('--reason <REASON>', 'those with this reason, e.g. INVALID_EVENT')
    .option('--consumer <GROUP>', 'those that this consumer group or connector gave up')
    .option('--class <CLASS>', 'permanent or transient', oneOf(['permanent', 'transient']))
    .option('--status <STATUSES>', `comma-separated, of ${LETTER_STATUSES.join(', ')}`, listOf(LETTER_STATUSES))
    .option('--since <WHEN>', 'failed since a time in ISO 8601, or 30m, 2h, 7d ago', moment)
    .option('--limit <N>', limit, integer(1));

export const filterOf = (options: FilterOptions, statuses: readonly LetterStatus[]): LetterFilter => ({
  topic: options.topic,
  code: options.reason,
  consumer: options.consumer,
  errorClass: options.class,
  statuses: options.status ?? statuses,
  since: options.since,
});

/** Letters may be of any topic, consumer and reason, so that an unknown one is no error. */
export const noteMeant = (options: FilterOptions): void => {
  for (const { name, given, meant } of meantBy(filterOf(options, []))) {
    note(escaped(`Nothing is known of --${name} ${given}. Did you mean ${meant}?`));
  }
};

/** Whether any flag says which letters are meant. */
export const isChosen = ({ topic, reason, consumer, class: errorClass, status, since }: FilterOptions): boolean =>
  [topic, reason, consumer, errorClass, status, since].some((flag) => flag !== undefined);

/**
 * The letters a command that changes them is about: the one named, or those of the flags.
 *
 * @throws StreamError USAGE when both are given, NOT_FOUND when there is no such letter
 */
export const chosenLetters = async (
  id: string | undefined,
  options: FilterOptions,
  statuses: readonly LetterStatus[],
  { redis }: LetterStores,
): Promise<readonly Letter[]> => {
  const { findLetters, requireLetter } = await import('../../../operations/dead-letters/index.ts');
  if (id === undefined) {
    const letters = await findLetters(redis, filterOf(options, statuses), options.limit);
    if (letters.length === 0) noteMeant(options);
    return letters;
  }
  if (isChosen(options)) {
    throw new StreamError('USAGE', 'An ID and flags that choose letters exclude each other.', {
      next: 'Leave one of them out',
    });
  }
  return [await requireLetter(redis, id)];
};
