import type { Command } from 'commander';
import { declared } from '../../lib/cli/commands/completion.ts';
import { COMMANDS } from '../../lib/cli/commands/index.ts';

/** A call of a command that is about a stack. */
export interface Call {
  /** The command, with its subcommand. */
  readonly path: string;
  /** Arguments and flags with which it would act at once, without asking. */
  readonly words: readonly string[];
}

/** Something for each argument there is, by its name in the help text. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  FILE: 'qr.scanned',
  FROM: '1',
  GROUP: 'qr-processors',
  ID: 'analytics-events-0-0',
  JSON: '{"userId":"test","qrId":"qr-1","action":"scan"}',
  KEY: 'updates:1',
  KIND: 'user',
  LOG: 'kafka',
  NAME: 'outbox',
  NAMES: 'outbox',
  PAGE: 'console',
  PARTITIONS: '1',
  RETENTION_MS: '-1',
  SUBJECT: 'qr.scanned',
  TO: '1',
  TOPIC: 'analytics-events',
  USER: 'user-1',
  VALUE: '0',
  WHERE: 'to-earliest',
};

/** What a command wants otherwise, by its path. */
const ALL: Readonly<Record<string, readonly string[]>> = {
  capacity: ['--measure'],
  consume: ['analytics-events', 'from-beginning', '--until-end'],
  'create-topic': ['made-by-mistake', '1', '-1'],
  'reset-group': ['qr-processors', 'bulk-qr-processing', 'to-earliest'],
  repair: ['--since', '1h'],
};

/** Flags that are given wherever there are, so that nothing is asked. */
const ANSWERS = ['--yes', '--wipe', '--replace'];

/**
 * Every command and subcommand that takes `--data-dir`, out of the command line's own table.
 *
 * @param folder for the argument of backups
 * @throws Error for an argument of a name that is not known here
 */
export const everyCommand = async (folder: string): Promise<readonly Call[]> =>
  (await declared(COMMANDS)).flatMap(({ entry, command }) =>
    [command, ...command.commands]
      .filter((each) => each.options.some(({ long }) => long === '--data-dir'))
      .map((each) => {
        const path = each === command ? entry.name : `${entry.name} ${each.name()}`;
        return {
          path,
          words: [...path.split(' '), ...(ALL[path] ?? argumentsOf(each, path, folder)), ...flagsOf(each, path)],
        };
      }),
  );

const argumentsOf = (command: Command, path: string, folder: string): string[] =>
  command.registeredArguments.map((argument) => {
    const name = argument.name();
    if (name === 'WHERE' && /^(backup|restore)/.test(path)) return folder;
    const value = ARGUMENTS[name];
    if (value === undefined) throw new Error(`${path} takes ${name}: add an example of it to test/support`);
    return value;
  });

const flagsOf = (command: Command, path: string): string[] =>
  command.options.flatMap(({ long, mandatory }) => {
    if (long === undefined || long === null) return [];
    if (mandatory) return [long, 'a test'];
    return ANSWERS.includes(long) && path !== 'repair' ? [long] : [];
  });
