import type { Command } from 'commander';
import { StreamError } from '../../errors.ts';
import { integer } from '../arguments.ts';
import { dataDirFlag, examples } from '../help.ts';
import { interruptSignal } from '../interrupt.ts';
import { type StackChoice, stackOf } from '../stack.ts';

interface Options extends StackChoice {
  readonly follow?: boolean;
  readonly lines: number;
}

export const define = (command: Command): void => {
  command
    .argument('<LOG>', 'a service, functions (their host), scheduler, or the topic of a function')
    .option('-f, --follow', 'go on with what is written, until Ctrl-C')
    .option('-n, --lines <N>', 'lines to begin with', integer(0), 100);
  dataDirFlag(command).action(run);
  examples(command, {
    'logs kafka': 'the last lines of the broker’s log',
    'logs bulk-qr-processing -f': 'what the function says, as it says it',
  });
};

const run = async (name: string, options: Options): Promise<void> => {
  const { tailLog } = await import('../../operations/log-file.ts');
  const follow = options.follow === true ? interruptSignal() : undefined;
  const path = await (await stackOf(options)).logFile(name, follow);
  try {
    await tailLog(path, { lines: options.lines, ...(follow === undefined ? {} : { follow }) }, (bytes) => {
      process.stdout.write(bytes);
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new StreamError('NOT_FOUND', `${name} has no log yet.`, {
      next: 'It begins when the stack starts: ./stream-manager.sh start',
    });
  }
};
