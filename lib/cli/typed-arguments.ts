import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import type { CommandEntry } from './commands/index.ts';
import { type DeclaredFlag, fromCommandLine, recoverNpmFlags } from './npm-flags.ts';

const readOr = (path: string | undefined, otherwise: string): string => {
  try {
    return path === undefined ? otherwise : readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
};

/** Whether an option's own parser takes the word. */
const accepts = (option: Option) => (word: string) => {
  try {
    option.parseArg?.(word, undefined);
    return true;
  } catch {
    return false;
  }
};

const flagsOf = (command: Command): DeclaredFlag[] =>
  command.options.flatMap((option) =>
    option.long === undefined || option.long === null
      ? []
      : [{ name: option.long.slice(2), value: option.required || option.optional, accepts: accepts(option) }],
  );

/**
 * A command's arguments as the person typed them, also after `npm run SCRIPT` without `--`.
 *
 * @param entry the command called
 * @param command its declaration
 * @param argv words after the command's name
 */
export const typedArguments = (
  entry: CommandEntry,
  command: Command,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): readonly string[] => {
  // Other scripts (`npm test`, say) may call us too: their flags are not ours.
  if (entry.script === undefined || env.npm_lifecycle_event !== entry.script) return argv;
  const files = [
    env.npm_config_userconfig,
    env.npm_config_globalconfig,
    join(env.npm_config_local_prefix ?? '.', '.npmrc'),
  ];
  const typed = fromCommandLine(
    env,
    files.map((path) => readOr(path, '')),
  );
  return recoverNpmFlags(argv, flagsOf(command), command.registeredArguments.length, typed);
};
