import { eventTypesOf, TOPICS } from '../../catalog/index.ts';
import { LOG_NAMES } from '../../local/log-names.ts';
import type { Answer, Answers, Offer } from './answers.ts';
import type { Kind } from './kinds.ts';

/** What a script of completion is made of. */
export interface ScriptParts {
  readonly answers: Answers;
  /** The folder of a stack for which no other is named. */
  readonly dataDir: string;
}

/** The names that the catalog knows, whether or not a stack is up; the files and folders are the shell's to find. */
export const NAMES: Readonly<Record<Extract<Kind, 'topics' | 'groups' | 'events' | 'logs'>, readonly string[]>> = {
  topics: TOPICS.map(({ name }) => name),
  groups: TOPICS.map(({ consumerGroup }) => consumerGroup),
  events: TOPICS.flatMap((topic) => [...eventTypesOf(topic)]),
  logs: LOG_NAMES,
};

/** The answers that are the same, once: places, and what may stand there. */
export const grouped = (
  answers: Answers,
): readonly { readonly places: readonly string[]; readonly answer: Answer }[] => {
  const found = new Map<string, { places: string[]; answer: Answer }>();
  for (const [place, answer] of answers) {
    const same = found.get(JSON.stringify(answer));
    if (same === undefined) found.set(JSON.stringify(answer), { places: [place], answer });
    else same.places.push(place);
  }
  return [...found.values()];
};

/**
 * An answer as the scripts hold it: words, and marks that no word can be taken for. `@list` says that words are separated by
 * commas; `@topics` and the like stand for more of them.
 */
export const marked = ({ offers, kind, isList }: Answer): readonly Offer[] => [
  ...(isList ? [{ word: '@list', help: '' }] : []),
  ...offers,
  ...(kind === undefined ? [] : [{ word: `@${kind}`, help: '' }]),
  // A flag that takes any text has an answer as well: the next word is its value.
  ...(offers.length === 0 && kind === undefined ? [{ word: '@text', help: '' }] : []),
];

/** The first line of each script. */
export const heading = (shell: string): string =>
  `# Completion of stream-manager.sh. Made by: ./stream-manager.sh completion ${shell}`;
