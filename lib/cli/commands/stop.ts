import type { Command } from 'commander';
import { StreamError } from '../../errors.ts';
import { duration } from '../format.ts';
import { dataDirFlag, examples, jsonFlag } from '../help.ts';
import { forgetNames } from '../seen-names.ts';
import { type StackChoice, stackOf } from '../stack.ts';
import { colours, confirm, note, print, printJson, printNext } from '../terminal.ts';

interface Options extends StackChoice {
  readonly wipe?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command.option('--wipe', 'forget all data: records, offsets, schemas, Redis, objects; asks first');
  command.option('--yes', 'do not ask');
  dataDirFlag(jsonFlag(command)).action(run);
  examples(command, { stop: 'data stay', 'stop --wipe --yes': 'for scripts: forgets everything' });
};

const run = async (options: Options): Promise<void> => {
  const stack = await stackOf(options);
  const { notRunning } = await import('../../local/running.ts');
  if (!stack.wasStarted) throw notRunning(stack.paths.root, false);
  const wipe = options.wipe === true;
  if (wipe && options.yes !== true && !(await agreed(stack.paths.root))) {
    throw new StreamError('REFUSED', 'Nothing was stopped or deleted.');
  }
  note('Stopping ...');
  const begun = performance.now();
  await stack.stop({ wipe });
  const ms = performance.now() - begun;
  if (wipe) await forgetNames(options);
  if (options.json === true) return printJson({ stopped: true, wiped: wipe, seconds: Math.round(ms) / 1_000 });
  const took = duration(Math.round(ms / 100) * 100);
  print(`${colours.green('✓')} Stopped in ${took}${wipe ? ', and all data are deleted' : '; data stay'}.`);
  printNext('./stream-manager.sh start');
};

const agreed = (folder: string): Promise<boolean> =>
  confirm(`Delete all records, offsets, schemas, Redis data and objects of the stack in ${folder}?`, {
    message: 'Deleting all data has to be confirmed, and there is no terminal to ask on.',
  });
