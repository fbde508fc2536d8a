import type { Command } from 'commander';
import type { Worker } from '../../../operations/connectors/index.ts';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { connectPlacesOf, type StackChoice } from '../../stack.ts';
import { colours, print, printJson, printNext } from '../../terminal.ts';

interface Options extends StackChoice {
  readonly json?: boolean;
  readonly failed?: boolean;
}

/** A command that does something to one connector which can be undone as easily, and so asks nobody. */
interface Change {
  readonly description: string;
  readonly done: string;
  readonly flag?: readonly [flag: string, description: string];
  readonly act: (worker: Worker, name: string, options: Options) => Promise<void>;
}

/** The commands, by name. */
export const CHANGES: Readonly<Record<string, Change>> = {
  pause: {
    description: 'let a connector rest: what it has not done waits',
    done: 'is being paused',
    act: (worker, name) => worker.pause(name),
  },
  resume: {
    description: 'let a paused connector go on where it was',
    done: 'goes on',
    act: (worker, name) => worker.resume(name),
  },
  restart: {
    description: 'start a connector and its tasks again',
    done: 'is being started again',
    flag: ['--failed', 'only what of it has failed'],
    act: (worker, name, { failed }) => worker.restart(name, failed === true),
  },
};

export const defineChange = (command: Command, change: Change): void => {
  command.description(change.description).argument('<NAME>', 'the connector');
  if (change.flag !== undefined) command.option(...change.flag);
  dataDirFlag(jsonFlag(command)).action((name: string, options: Options) => run(change, name, options));
};

const run = async (change: Change, name: string, options: Options): Promise<void> => {
  const { openWorker, requireConnector } = await import('../../../operations/connectors/index.ts');
  const worker = openWorker((await connectPlacesOf(options, 'connectUrl')).connectUrl);
  await requireConnector(worker, name);
  await change.act(worker, name, options);
  if (options.json === true) return printJson({ name, done: true });
  print(`${colours.green('✓')} ${name} ${change.done}.`);
  printNext(`./stream-manager.sh connectors status ${name}`);
};
