import type { Command, CommanderError } from 'commander';
import { StreamError } from '../errors.ts';
import { PROGRAM } from '../hint.ts';

/** Commander's sentences, and ours for them. */
const SENTENCES: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [/^\(outputHelp\)$/, 'What is it to do? A word is missing.'],
  [/^missing required argument '(.+)'$/, '$1 is missing.'],
  [/^required option '(--[\w-]+).*' not specified$/, '$1 is missing.'],
  [/^unknown option '(.+?)'\n\(Did you mean (.+)\?\)$/, 'There is no option $1. Did you mean $2?'],
  [/^unknown option '(.+?)'$/, 'There is no option $1.'],
  [/^option '(?:-\w, )?(--[\w-]+).*' argument missing$/, '$1 needs a value.'],
  [/^option '(?:-\w, )?(--[\w-]+).*' argument '([\s\S]*)' is invalid\. ([\s\S]+)$/, '$1 cannot be "$2". $3'],
  [/^command-argument value '([\s\S]*)' is invalid for argument '(.+?)'\. ([\s\S]+)$/, '$2 cannot be "$1". $3'],
  [
    /^too many arguments(?: for '.+')?\. Expected (\d+) arguments? but got (\d+)[\s\S]*$/,
    'Too many words: $2 instead of $1.',
  ],
];

/** A subcommand's name with those it stands below. */
const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

/** Commander's complaint about a call as one of ours: a sentence, and how the command is called. */
export const usageError = (error: CommanderError, command: Command | undefined): StreamError => {
  const complaint = error.message.replace(/^error: /, '').trim();
  const [pattern, sentence] = SENTENCES.find(([candidate]) => candidate.test(complaint)) ?? [];
  const message = pattern === undefined || sentence === undefined ? complaint : complaint.replace(pattern, sentence);
  return new StreamError('USAGE', message, {
    next:
      command === undefined
        ? `See ${PROGRAM} --help`
        : `Usage: ${PROGRAM} ${pathOf(command)} ${command.usage()}; more: ${PROGRAM} ${pathOf(command)} --help`,
    cause: error,
  });
};
