import type { Command } from 'commander';
import { deployedNames } from '../../../catalog/index.ts';
import { integer } from '../../arguments.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { runningStackOf, type StackChoice, settingsOf } from '../../stack.ts';
import { print, printJson, printNext } from '../../terminal.ts';

interface Options extends StackChoice {
  readonly ttl: number;
  readonly json?: boolean;
}

export const defineToken = (command: Command): void => {
  command
    .description('make a token by which a page or curl reads the updates of a user')
    .argument('<USER>', 'id of the user')
    .option('--ttl <SECONDS>', 'how long it is good for, a day at most', integer(1, 86_400), 900);
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (userId: string, options: Options): Promise<void> => {
  const { issueUpdatesToken } = await import('../../../updates/index.ts');
  const token = await issueUpdatesToken(userId, await secretOf(options), options.ttl);
  const expiresAt = new Date(Date.now() + options.ttl * 1_000).toISOString();
  if (options.json === true) return printJson({ userId, token, expiresAt });
  print(token);
  printNext(`curl -N -H "Authorization: Bearer TOKEN" ADDRESS/updates`);
};

/** What the servers of the chosen place check tokens by. */
const secretOf = async (options: StackChoice): Promise<string> => {
  if (options.env === undefined) {
    const { localUpdatesSecret } = await import('../../../updates/index.ts');
    return localUpdatesSecret((await runningStackOf(options)).paths.root);
  }
  const { awsEndpoint } = await settingsOf(options);
  const { readSecret } = await import('../../../stores/secrets.ts');
  return readSecret({ awsEndpoint }, deployedNames(options.env).updatesSecret);
};
