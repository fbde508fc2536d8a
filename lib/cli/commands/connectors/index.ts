import type { Command } from 'commander';
import { examples } from '../../help.ts';
import { define as defineApply } from './apply.ts';
import { CHANGES, defineChange } from './change.ts';
import { define as defineDelete } from './delete.ts';
import { define as defineList } from './list.ts';
import { define as defineLoad } from './load.ts';
import { define as defineMigrate } from './migrate.ts';
import { define as defineStatus } from './status.ts';

export const define = (command: Command): void => {
  // What stands after a subcommand is the subcommand's.
  command.enablePositionalOptions();
  defineList(command.command('list', { isDefault: true }));
  defineStatus(command.command('status'));
  defineApply(command.command('apply'));
  for (const [name, change] of Object.entries(CHANGES)) defineChange(command.command(name), change);
  defineDelete(command.command('delete'));
  defineMigrate(command.command('migrate'));
  defineLoad(command.command('load'));
  examples(command, {
    'connectors list': 'the connectors, and how far their readers are behind PostgreSQL’s log',
    'connectors status outbox --trace': 'one connector, with the whole stack trace of what has failed',
    'connectors apply --dry-run': 'what would change if the files under connect/ were applied',
    'connectors apply outbox': 'validate one, and give it to Connect',
    'connectors restart outbox --failed': 'start again what of it has failed',
    'connectors load': 'how much less the database has to do when scans come through the stream',
  });
};
