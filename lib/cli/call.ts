import type { EnvironmentName } from '../catalog/index.ts';
import { argument } from '../escape.ts';
import { commandsIn, PROGRAM, withFlags } from '../hint.ts';
import { folderFlags } from '../local/folder-flags.ts';
import { stackPaths } from '../local/paths.ts';

/** The commands that work on an environment in AWS as well, with `--env`; the others are about the stack of this machine. */
export const AWS_COMMANDS: readonly string[] = [
  'topics',
  'describe-topic',
  'test-message',
  'consume',
  'groups',
  'lag',
  'describe-group',
  'reset-group',
  'repair',
  'schemas',
  'batch',
  'trace',
  'dlq',
  'history',
  'hold',
  'updates',
];

/** Commands that are about no stack. */
const PLACELESS: readonly string[] = ['completion'];

/** Where a command acts: on a stack of this machine, or on an environment in AWS. */
export interface CallPlace {
  readonly dataDir?: string | undefined;
  readonly env?: EnvironmentName | undefined;
  /** On what the environment variables name, of the commands that can. */
  readonly remote?: boolean | undefined;
}

/** Commands that take `--remote`. */
const REMOTE_COMMANDS: readonly string[] = ['backup', 'restore'];

/** What was typed, and where it acts; hints are about the same. */
let words: readonly string[] = [];
let place: CallPlace = {};

/**
 * @param typed the words after the program's name, flags of npm put back
 * @param where its flags; `capacity` takes an environment for its limits only
 */
export const rememberCall = (typed: readonly string[], where: CallPlace): void => {
  words = typed;
  place = AWS_COMMANDS.includes(typed[0] ?? '') ? where : { ...where, env: undefined };
};

/** The folder of the local stack this call was about; undefined where it was about another place. */
export const folderOfCall = ({ dataDir, env, remote }: CallPlace = place): string | undefined =>
  env !== undefined || remote === true ? undefined : stackPaths(dataDir).root;

/** The words of the call that may be paths. */
export const wordsOfCall = (): readonly string[] => words;

/**
 * A text that tells to call the command line, so that it says which stack or environment this call was about.
 *
 * @returns undefined where it tells to call what only a local stack has, and this call was about something else
 */
export const hintFor = (text: string, { dataDir, env, remote }: CallPlace = place): string | undefined => {
  if (/ --(?:data-dir|env|remote)\b/.test(text)) return text;
  const [flags, known] =
    env !== undefined
      ? [['--env', env], AWS_COMMANDS]
      : remote === true
        ? [['--remote'], REMOTE_COMMANDS]
        : [folderFlags(dataDir), undefined];
  if (known !== undefined && commandsIn(text).some((command) => !known.includes(command))) return undefined;
  return withFlags(text, (command) => (PLACELESS.includes(command) ? [] : flags));
};

/** How a call differs from the one that was typed. */
export interface Retyped {
  /** Flags without a value that it leaves out, such as `--dry-run`. */
  readonly without?: readonly string[];
  /** Flags that it adds, such as `--yes`. */
  readonly plus?: readonly string[];
  /** Other values of flags that were typed. */
  readonly values?: Readonly<Record<string, string>>;
}

/** The command as it was typed, every argument and flag of it, but for these differences. */
export const asTyped = ({ without = [], plus = [], values = {} }: Retyped = {}, typed = words): string => {
  const replaced = typed.map((word, at) => {
    const [flag = '', given] = word.split(/=(.*)/s, 2);
    const before = typed[at - 1] ?? '';
    if (values[before] !== undefined) return values[before];
    return given !== undefined && values[flag] !== undefined ? `${flag}=${values[flag]}` : word;
  });
  const kept = replaced.filter((word) => !without.includes(word));
  const added = plus.filter((word) => !kept.includes(word));
  // What follows two dashes is no flag.
  const end = kept.indexOf('--');
  const all = end === -1 ? [...kept, ...added] : [...kept.slice(0, end), ...added, ...kept.slice(end)];
  return [PROGRAM, ...all.map(argument)].join(' ');
};
