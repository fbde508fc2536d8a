import type { Command } from 'commander';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { connectPlacesOf, type StackChoice } from '../../stack.ts';
import { colours, print, printJson, printNext } from '../../terminal.ts';

export const define = (command: Command): void => {
  command.description(
    'bring the database’s tables up to date with connect/migrations; `start --with connect` does it too',
  );
  dataDirFlag(jsonFlag(command)).action(run);
};

const run = async (options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const { migrate, withDatabase } = await import('../../../operations/database/index.ts');
  const done = await withDatabase((await connectPlacesOf(options)).databaseUrl, (db) => migrate(db));
  if (options.json === true) return printJson({ done });
  if (done.length === 0) return print('The database is up to date.');
  for (const each of done) print(`${colours.green('✓')} ${each}`);
  printNext('./stream-manager.sh connectors apply');
};
