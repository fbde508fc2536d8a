import type { Argument, Command, Option } from 'commander';
import { choicesOf } from '../arguments.ts';
import type { CommandEntry } from '../commands/index.ts';
import { type Kind, kindOf } from './kinds.ts';

/** A word that may stand at a place, and what it is for. */
export interface Offer {
  readonly word: string;
  readonly help: string;
}

/** What may stand at a place of the command line. */
export interface Answer {
  readonly offers: readonly Offer[];
  /** More of it, which the shell looks up. */
  readonly kind?: Kind | undefined;
  /** Whether several may stand there, separated by commas. */
  readonly isList: boolean;
}

/**
 * Everything that completion knows, by place:
 *
 *     commands:dlq               the subcommands of dlq; of the program itself without a name
 *     flags:dlq list             the flags of a command; every command has such an entry
 *     value:dlq list --topic     what a flag is followed by; flags without a value have no entry
 *     argument:dlq show 0        the first argument; `more` instead of a number for all from there on
 */
export type Answers = ReadonlyMap<string, Answer>;

/** A command of the table, declared. */
export interface Declared {
  readonly entry: CommandEntry;
  readonly command: Command;
}

const plain = (offers: readonly Offer[]): Answer => ({ offers, isList: false });

const HELP: Offer = { word: '--help', help: 'this text' };

/** `-h` is as good as `--help`; what is longer says more. */
const flagsOf = (command: Command): readonly Offer[] => [
  ...command.options.flatMap(({ long, description, hidden }) =>
    typeof long !== 'string' || hidden ? [] : [{ word: long, help: description }],
  ),
  HELP,
];

/** What a value may be: the words its parser knows, else what its name in the usage line stands for. */
const answerOf = ({ argChoices, parseArg }: Pick<Option, 'argChoices' | 'parseArg'>, placeholder: string): Answer => {
  const known = argChoices === undefined ? choicesOf(parseArg) : { words: argChoices, isList: false };
  const named = kindOf(placeholder);
  if (known === undefined) return { offers: [], ...named };
  return { offers: known.words.map((word) => ({ word, help: '' })), isList: known.isList };
};

const valuesOf = (path: string, command: Command): readonly (readonly [string, Answer])[] =>
  command.options.flatMap((option) => {
    if (!option.required) return [];
    const answer = answerOf(option, option.flags);
    return [option.short, option.long].flatMap((flag): (readonly [string, Answer])[] =>
      typeof flag === 'string' ? [[`value:${path} ${flag}`, answer]] : [],
    );
  });

const argumentsOf = (path: string, given: readonly Argument[]): readonly (readonly [string, Answer])[] =>
  given.map((argument, at) => [
    `argument:${path} ${argument.variadic ? 'more' : at}`,
    answerOf(argument, argument.name()),
  ]);

const entriesOf = (path: string, command: Command): readonly (readonly [string, Answer])[] => {
  const below = command.commands.map((each) => ({ word: each.name(), help: each.summary() || each.description() }));
  return [
    [`flags:${path}`, plain(flagsOf(command))],
    ...(below.length === 0 ? [] : [[`commands:${path}`, plain(below)] as const]),
    ...valuesOf(path, command),
    ...argumentsOf(path, command.registeredArguments),
    ...command.commands.flatMap((each) => entriesOf(`${path} ${each.name()}`, each)),
  ];
};

/** What may stand where, from the declarations of the commands: a command that is added is completed. */
export const answersOf = (commands: readonly Declared[]): Answers => {
  const names = commands.map(({ entry }) => ({ word: entry.name, help: entry.summary }));
  return new Map<string, Answer>([
    ['commands:', plain([...names, { word: 'help', help: 'arguments and examples of a command' }])],
    ['flags:', plain([HELP])],
    ['flags:help', plain([])],
    ['argument:help 0', plain(names)],
    ...commands.flatMap(({ entry, command }) => entriesOf(entry.name, command)),
  ]);
};
