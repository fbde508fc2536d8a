import type { Command } from 'commander';
import { StreamError } from '../../errors.ts';
import { duration } from '../format.ts';
import { dataDirFlag, examples } from '../help.ts';
import { type StackChoice, stackOf } from '../stack.ts';
import { colours, confirm, note, print, printNext } from '../terminal.ts';

interface Options extends StackChoice {
  readonly wipe?: boolean;
  readonly yes?: boolean;
}

export const define = (command: Command): void => {
  command.option('--wipe', 'forget all data: records, offsets, schemas, Redis, objects; asks first');
  command.option('--yes', 'do not ask');
  dataDirFlag(command).action(run);
  examples(command, { stop: 'data stay', 'stop --wipe --yes': 'for scripts: forgets everything' });
};

const run = async (options: Options): Promise<void> => {
  const stack = await stackOf(options);
  const wipe = options.wipe === true;
  if (wipe && options.yes !== true && !(await agreed(stack.paths.root))) {
    throw new StreamError('REFUSED', 'Nothing was stopped or deleted.');
  }
  note('Stopping ...');
  const begun = performance.now();
  await stack.stop({ wipe });
  const took = duration(Math.round((performance.now() - begun) / 100) * 100);
  print(`${colours.green('✓')} Stopped in ${took}${wipe ? ', and all data are deleted' : '; data stay'}.`);
  printNext('./stream-manager.sh start');
};

const agreed = (folder: string): Promise<boolean> =>
  confirm(`Delete all records, offsets, schemas, Redis data and objects of the stack in ${folder}?`, {
    message: 'Deleting all data has to be confirmed, and there is no terminal to ask on.',
    next: 'Add --yes: ./stream-manager.sh stop --wipe --yes',
  });
