import type { EnvironmentName } from '../catalog/index.ts';
import { PROGRAM } from './help.ts';

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

let chosen: EnvironmentName | undefined;

/** Says which environment this call is about, so that hints are about the same one. */
export const choose = (environment: EnvironmentName): void => {
  chosen = environment;
};

/** A hint as it is good for the environment of this call; none where the command knows no environments. */
export const hintFor = (line: string, environment = chosen): string | undefined => {
  if (environment === undefined || !line.startsWith(PROGRAM)) return line;
  const [command = ''] = line.slice(PROGRAM.length + 1).split(' ');
  return AWS_COMMANDS.includes(command) ? `${line} --env ${environment}` : undefined;
};
