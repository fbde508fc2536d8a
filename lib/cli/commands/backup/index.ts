import type { Command } from 'commander';
import { examples } from '../../help.ts';
import { define as defineCreate } from './create.ts';
import { define as defineList } from './list.ts';
import { define as defineVerify } from './verify.ts';

export const define = (command: Command): void => {
  // What stands after a subcommand is the subcommand's.
  command.enablePositionalOptions();
  command.action(() => command.outputHelp());
  defineCreate(command.command('create'));
  defineList(command.command('list'));
  defineVerify(command.command('verify'));
  examples(command, {
    'backup create /backups/qr': 'a backup; in a folder that has one, only what is new since then',
    'backup create s3://my-backups/qr --topics payment-events,audit-logs': 'two topics, into a bucket',
    'backup list /backups/qr': 'which there are',
    'backup verify /backups/qr': 'reads all of the newest one',
    'restore /backups/qr': 'puts it back',
  });
};
