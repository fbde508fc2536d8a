import type { Command } from 'commander';
import { examples } from '../../help.ts';
import { define as defineEntries } from './entries.ts';
import { define as defineMemory } from './memory.ts';
import { define as defineStreams } from './streams.ts';

export const define = (command: Command): void => {
  defineStreams(command.command('streams'));
  defineEntries(command.command('entries'));
  defineMemory(command.command('memory'));
  examples(command, {
    'redis streams': 'the streams there are, with entries, groups and memory',
    'redis streams --match demo-user': 'those of one user, or with this in their keys',
    'redis entries updates:demo-user --max 5': 'the newest entries of a stream',
    'redis memory': 'memory of the servers, and which kinds of keys it is spent on',
  });
};
