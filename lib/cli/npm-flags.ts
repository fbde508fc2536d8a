import { StreamError } from '../errors.ts';

/** A flag as a command declares it. */
export interface DeclaredFlag {
  /** Long name without dashes, e.g. `until-end`. */
  readonly name: string;
  /** Whether the flag takes a value. */
  readonly value: boolean;
  /** Whether a word can be this flag's value; any word can when absent. */
  readonly accepts?: (word: string) => boolean;
}

/**
 * npm 10 and 11 read an unambiguous beginning of one of their own settings as that setting: `--max 5` reaches a script as
 * `npm_config_maxsockets=5`, `--engine native` as `npm_config_engine_strict=true` and the word `native`.
 */
const EXPANDED: Readonly<Record<string, string>> = { max: 'maxsockets', engine: 'engine-strict' };

const variableOf = (name: string): string => `npm_config_${name.replaceAll('-', '_')}`;

/**
 * The arguments as they were typed after `npm run SCRIPT`, for people who leave out the `--`. npm keeps flags to itself and
 * hands them on as `npm_config_*` variables; a value that was set apart by a space is left among the words:
 *
 *     npm run demo --items 500        argv: demo 500      npm_config_items=true
 *     npm run demo --items=500        argv: demo          npm_config_items=500
 *
 * A word belongs to a flag when there are more words than the command takes. Words that fit no flag, or several, stay.
 * What npm does not tell at all cannot be recovered: `--help` and `--key` are npm's own.
 *
 * @param argv words after the command's name
 * @param flags the command's flags
 * @param positionals how many words the command takes at most
 * @param env the environment npm made; other sources of npm's settings must have been taken out ({@link fromCommandLine})
 * @returns argv with the flags put back
 * @throws StreamError USAGE when a word could belong to several flags
 */
export const recoverNpmFlags = (
  argv: readonly string[],
  flags: readonly DeclaredFlag[],
  positionals: number,
  env: NodeJS.ProcessEnv,
): string[] => {
  const words = [...argv];
  const given = new Set(argv.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('=')[0]));
  const recovered: string[] = [];
  const waiting: DeclaredFlag[] = [];
  for (const flag of flags) {
    const value = env[variableOf(flag.name)] ?? env[variableOf(EXPANDED[flag.name] ?? flag.name)];
    if (given.has(flag.name) || value === undefined || value === '' || value === 'false') continue;
    if (!flag.value) recovered.push(`--${flag.name}`);
    else if (value !== 'true') recovered.push(`--${flag.name}=${value}`);
    else waiting.push(flag);
  }

  // From the last word backwards: `consume TOPIC --max 5` and `--max 5` at the end are what people type.
  let spare = words.filter((word) => !word.startsWith('-')).length - positionals;
  for (let at = words.length - 1; at >= 0 && spare > 0 && waiting.length > 0; at -= 1) {
    const word = words[at] ?? '';
    const takers = waiting.filter(({ accepts }) => accepts === undefined || accepts(word));
    const [taker] = takers;
    if (taker === undefined || word.startsWith('-')) continue;
    if (takers.length > 1) throw ambiguous(word, takers);
    waiting.splice(waiting.indexOf(taker), 1);
    words.splice(at, 1);
    recovered.push(`--${taker.name}=${word}`);
    spare -= 1;
  }
  const [left] = waiting;
  if (left !== undefined && EXPANDED[left.name] === undefined) throw lost(left);
  return [...words, ...recovered];
};

const ambiguous = (word: string, takers: readonly DeclaredFlag[]): StreamError =>
  new StreamError(
    'USAGE',
    `npm does not tell which of ${takers.map(({ name }) => `--${name}`).join(' and ')} "${word}" is for.`,
    {
      next: 'Put -- before the arguments: npm run SCRIPT -- ARGUMENTS',
    },
  );

const lost = ({ name }: DeclaredFlag): StreamError =>
  new StreamError('USAGE', `--${name} needs a value.`, {
    next: `Write --${name}=VALUE, or put -- before the arguments: npm run SCRIPT -- ARGUMENTS`,
  });

/**
 * The environment without npm settings that come from a configuration file: somebody who has `yes=true` or `maxsockets=5`
 * in an .npmrc did not type `--yes` or `--max 5` here.
 *
 * @param env the environment of an npm script
 * @param fileTexts contents of the .npmrc files npm read
 */
export const fromCommandLine = (env: NodeJS.ProcessEnv, fileTexts: readonly string[]): NodeJS.ProcessEnv => {
  const inFiles = new Set(
    fileTexts.flatMap((text) => [...text.matchAll(/^\s*([\w-]+)\s*(?:=|$)/gm)].map(([, key = '']) => variableOf(key))),
  );
  return Object.fromEntries(Object.entries(env).filter(([key]) => !inFiles.has(key)));
};
