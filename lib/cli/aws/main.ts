import { Command, CommanderError } from 'commander';
import { ENVIRONMENT_NAMES, type EnvironmentName, isEnvironmentName } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import { suggestion } from '../../operations/nearest.ts';
import { exitCodeOf, tell } from '../failure.ts';
import { ACTIONS, type Action } from './actions.ts';
import { confirmationOf } from './confirmation.ts';

const environmentOf = (name: string | undefined): EnvironmentName => {
  if (name === undefined)
    throw new StreamError('USAGE', `Which environment? There are ${ENVIRONMENT_NAMES.join(', ')}.`);
  if (isEnvironmentName(name)) return name;
  throw new StreamError('USAGE', `There is no environment ${name}; there are ${ENVIRONMENT_NAMES.join(', ')}.`, {
    next: suggestion(name, ENVIRONMENT_NAMES) ?? 'They are declared in lib/catalog/environments.ts',
  });
};

const commandOf = (name: string, { summary, asks, run }: Action): Command => {
  const command = new Command(name)
    .description(summary)
    .argument('[ENV]', ENVIRONMENT_NAMES.join(' | '))
    .action(async (given: string | undefined, { yesReally }: { yesReally?: string }) => {
      const environment = environmentOf(given);
      await run(environment, confirmationOf(environment, asks(environment), yesReally));
    });
  if (ENVIRONMENT_NAMES.some(asks)) {
    command.option('--yes-really <ENV>', 'does what it would ask about; names the environment again');
  }
  return command;
};

/**
 * `npm run aws:diff|deploy|destroy -- ENV`: CDK with guard rails. Sets the exit code of the process: 1 when it failed or
 * was refused, 2 when it was called wrongly.
 *
 * @param argv words after the program's name
 */
export const main = async (argv: readonly string[]): Promise<void> => {
  const program = new Command('ACTION').helpCommand(false);
  for (const [name, action] of Object.entries(ACTIONS)) program.addCommand(commandOf(name, action));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    command.configureHelp({ commandUsage: (shown) => `npm run aws:${shown.name()} -- ENV [OPTIONS]` });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    const told =
      error instanceof CommanderError
        ? new StreamError('USAGE', error.message.replace(/^error: /, '').trim() || 'Say what to do.', {
            next: 'npm run aws:diff|aws:deploy|aws:destroy -- ENV',
          })
        : error;
    tell(told);
    process.exitCode = exitCodeOf(told);
  }
};
