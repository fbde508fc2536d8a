import { TOPICS } from '../../catalog/index.ts';
import { ERROR_CODES } from '../../errors.ts';
import type { LetterStatus } from '../../stores/dead-letters/letter.ts';
import { nearest } from '../nearest.ts';

/** Which letters are meant by what is done with them, unless their status is said. */
export const STATUSES_MEANT = {
  /** What somebody may have to do something about. */
  list: ['open', 'retrying', 'redriven', 'parked'],
  /** What waits for somebody. */
  redrive: ['open', 'parked'],
  park: ['open', 'retrying'],
  discard: ['open', 'retrying', 'parked'],
  purge: ['done', 'discarded'],
} as const satisfies Record<string, readonly LetterStatus[]>;

/** Names a filter may hold of what is known. Letters may be of others as well, which is no error. */
export const KNOWN_NAMES = {
  topic: TOPICS.map(({ name }) => name),
  consumer: TOPICS.map(({ consumerGroup }) => consumerGroup),
  reason: Object.keys(ERROR_CODES),
} as const satisfies Record<string, readonly string[]>;

/** A name that nothing is known of, and the one that was probably meant. */
export interface Meant {
  readonly name: keyof typeof KNOWN_NAMES;
  readonly given: string;
  readonly meant: string;
}

/** The names of a filter. */
interface Named {
  readonly topic?: string | undefined;
  readonly consumer?: string | undefined;
  readonly code?: string | undefined;
}

/** What was probably meant by a filter under which there are no letters. */
export const meantBy = ({ topic, consumer, code }: Named): readonly Meant[] => {
  const said = { topic, consumer, reason: code };
  return (['topic', 'consumer', 'reason'] as const).flatMap((name): Meant[] => {
    const known: readonly string[] = KNOWN_NAMES[name];
    const given = said[name];
    const meant = given === undefined || known.includes(given) ? undefined : nearest(given, known);
    return given === undefined || meant === undefined ? [] : [{ name, given, meant }];
  });
};
