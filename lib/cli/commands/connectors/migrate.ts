import type { Command } from 'commander';
import { startBar } from '../../bar.ts';
import { number } from '../../format.ts';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { connectPlacesOf, namedServer, type StackChoice } from '../../stack.ts';
import { colours, print, printJson, printNext } from '../../terminal.ts';

export const define = (command: Command): void => {
  command.description(
    'bring tables and index templates up to date with the files under connect/; `start --with connect` does it too',
  );
  dataDirFlag(jsonFlag(command)).action(run);
};

const run = async (options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const named = SERVERS.filter((server) => namedServer(server, options) !== undefined);
  // Who names one server by its variable means that one; who names none means the stack's.
  const meant = named.length === 0 ? SERVERS : named;
  const { databaseUrl, searchUrl } = await connectPlacesOf(options, ...meant);
  const done = [
    ...(meant.includes('databaseUrl') ? await migrateDatabase(databaseUrl) : []),
    ...(meant.includes('searchUrl') ? await migrateSearch(searchUrl) : []),
  ];
  if (options.json === true) return printJson({ done });
  if (done.length === 0) return print('Everything is up to date.');
  for (const each of done) print(`${colours.green('✓')} ${each}`);
  printNext('./stream-manager.sh connectors apply');
};

const SERVERS = ['databaseUrl', 'searchUrl'] as const;

const migrateDatabase = async (url: string): Promise<string[]> => {
  const { migrate, withDatabase } = await import('../../../operations/database/index.ts');
  const bar = startBar(1, 0, 'rows moved');
  const onMoved = (rows: number): void => bar?.update(0, { text: `${number(rows)} rows moved` });
  return withDatabase(url, (db) => migrate(db, { onMoved })).finally(() => bar?.stop());
};

const migrateSearch = async (url: string): Promise<string[]> => {
  const { applyTemplates, openSearch } = await import('../../../operations/search/index.ts');
  return applyTemplates(openSearch(url));
};
