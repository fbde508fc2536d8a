import type { Command } from 'commander';
import { examples } from '../../help.ts';
import { defineToken } from './token.ts';
import { defineWatch } from './watch.ts';

export const define = (command: Command): void => {
  defineWatch(command.command('watch'));
  defineToken(command.command('token'));
  examples(command, {
    'updates watch user-42': 'what user-42 is told, as it happens',
    'updates token user-42': 'a token by which a page reads it, good for a quarter of an hour',
    'updates token user-42 --ttl 3600 --json': 'good for an hour, for programs',
  });
};
