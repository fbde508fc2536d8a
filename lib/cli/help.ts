import type { Command } from 'commander';
import { ENVIRONMENT_NAMES } from '../catalog/index.ts';
import { PROGRAM } from '../hint.ts';
import { oneOf } from './arguments.ts';

/** Adds examples to a command's help: each a call without the program's name, and what it does. */
export const examples = (command: Command, calls: Readonly<Record<string, string>>): Command => {
  const lines = Object.entries(calls).map(([call, what]) => `  ${PROGRAM} ${call}\n      ${what}`);
  return command.addHelpText('after', `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`);
};

/** Adds the flag that every command about a stack takes. */
export const dataDirFlag = (command: Command): Command =>
  command.option('--data-dir <DIR>', 'data folder of the stack (default: $QR_DATA_DIR, else .streams in the project)');

/** Adds the flags of a command that works on the local stack, and on an environment in AWS. */
export const placeFlags = (command: Command): Command =>
  dataDirFlag(command).option(
    '--env <NAME>',
    `an environment in AWS instead of the local stack: ${ENVIRONMENT_NAMES.join(', ')}`,
    oneOf(ENVIRONMENT_NAMES),
  );

/** Adds `--json`. */
export const jsonFlag = (command: Command): Command => command.option('--json', 'print JSON for programs');
