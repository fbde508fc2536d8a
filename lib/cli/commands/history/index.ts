import type { Command } from 'commander';
import { examples } from '../../help.ts';
import { define as defineMigrate } from './migrate.ts';

export const define = (command: Command): void => {
  defineMigrate(command.command('migrate'));
  examples(command, {
    'history migrate --dry-run': 'how many counters lie in the cache that history is to have',
    'history migrate': 'moves them; after Ctrl-C, run it again to resume',
  });
};
