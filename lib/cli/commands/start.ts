import type { Command } from 'commander';
import { ENGINE_NAMES } from '../../local/engine.ts';
import { type Extra, OPTIONAL } from '../../local/services/service.ts';
import { integer, listOf, oneOf } from '../arguments.ts';
import { duration } from '../format.ts';
import { healthJson, healthTable } from '../health-table.ts';
import { dataDirFlag, examples, jsonFlag } from '../help.ts';
import { type StartChoice, stackOf } from '../stack.ts';
import { startDisplay } from '../start-progress.ts';
import { note, print, printJson, printNext } from '../terminal.ts';

interface Options extends Omit<StartChoice, 'brokers'> {
  readonly with?: readonly Extra[];
  readonly without?: readonly Extra[];
  readonly brokers?: '1' | '3';
  readonly json?: boolean;
}

/** Adds the flags of commands that may start a stack. */
export const startFlags = (command: Command): Command =>
  dataDirFlag(command)
    .option(
      '--engine <ENGINE>',
      'native or docker (default: docker when an engine answers, else native)',
      oneOf(ENGINE_NAMES),
    )
    .option('--port-offset <N>', 'moves all ports by N (default: $QR_PORT_OFFSET, else 0)', integer(-60_000, 60_000));

/** Adds the flags that say which optional services there are to be. */
const extraFlags = (command: Command): Command =>
  command
    .option(
      '--with <NAMES>',
      'optional services as well, also at later starts: connect (Kafka Connect and PostgreSQL)',
      listOf(OPTIONAL),
    )
    .option('--without <NAMES>', 'no longer with these', listOf(OPTIONAL))
    .option(
      '--brokers <N>',
      'brokers of a stack without data: 1, or 3 with replication 3 and min.insync.replicas 2 (native engine; default: 1)',
      oneOf(['1', '3']),
    );

export const define = (command: Command): void => {
  extraFlags(startFlags(jsonFlag(command))).action(run);
  examples(command, {
    start: 'on the usual ports, in .streams',
    'start --engine native': 'without Docker, even where there is one',
    'start --with connect': 'with Kafka Connect and PostgreSQL, and the connectors under connect/',
    'start --brokers 3 --engine native': 'three brokers, of which one may fail',
    'start --data-dir /tmp/second --port-offset 1000': 'a second stack beside the first',
  });
};

const run = async (options: Options): Promise<void> => {
  const { with: extras, brokers, ...choice } = options;
  const count = brokers === undefined ? undefined : brokers === '3' ? 3 : 1;
  const stack = await stackOf({ ...choice, extras, brokers: count });
  const begun = performance.now();
  const display = startDisplay();
  try {
    const report = await stack.start(display.onProgress);
    display.close();
    const took = duration(Math.round((performance.now() - begun) / 100) * 100);
    if (options.json === true) return printJson(healthJson(report));
    note(`Everything is up after ${took}, on the ${report.engine} engine.`);
    note();
    print(healthTable(report));
    if (report.restore !== undefined) return printNext(report.restore.next);
    printNext('./stream-manager.sh demo', './stream-manager.sh topics');
  } finally {
    display.close();
  }
};
