import type { Command } from 'commander';
import { examples } from '../../help.ts';
import { define as defineCheck } from './check.ts';
import { define as defineDiff } from './diff.ts';
import { define as defineList } from './list.ts';
import { define as defineRegister } from './register.ts';
import { define as defineShow } from './show.ts';

export const define = (command: Command): void => {
  defineList(command.command('list'));
  defineShow(command.command('show'));
  defineCheck(command.command('check'));
  defineDiff(command.command('diff'));
  defineRegister(command.command('register'));
  examples(command, {
    'schemas list': 'subjects of the registry with versions, ids and compatibility',
    'schemas show qr.scanned --version 1': 'one version, readable',
    'schemas check': 'which change of a schema file breaks which reader; exit code 1 then',
    'schemas diff qr.scanned': 'the file beside the newest version, field by field',
    'schemas register schemas/qr.scanned.avsc': 'asks first; a breaking one is refused with the reason',
  });
};
