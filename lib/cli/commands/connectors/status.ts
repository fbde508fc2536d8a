import type { Command } from 'commander';
import type { ConnectorSummary } from '../../../operations/connectors/index.ts';
import { escaped } from '../../escape.ts';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { connectPlacesOf, type StackChoice } from '../../stack.ts';
import { stateOf } from '../../states.ts';
import { table } from '../../table.ts';
import { print, printJson, printNext } from '../../terminal.ts';
import { slotTable } from './list.ts';

interface Options extends StackChoice {
  readonly json?: boolean;
  readonly trace?: boolean;
}

export const define = (command: Command): void => {
  command
    .description('one connector and its tasks; exit code 1 when something of it has failed')
    .argument('<NAME>', 'the connector')
    .option('--trace', 'the whole stack trace of what has failed');
  dataDirFlag(jsonFlag(command)).action(run);
};

const run = async (name: string, options: Options): Promise<void> => {
  const { openWorker, requireConnector, withoutTraces } = await import('../../../operations/connectors/index.ts');
  const { slotsAt } = await import('../../../operations/database/index.ts');
  const { connectUrl, databaseUrl } = await connectPlacesOf(options, 'connectUrl', 'databaseUrl');
  const connector = await requireConnector(openWorker(connectUrl), name);
  // A slot has the name of the connector that reads by it.
  const slots = (await slotsAt(databaseUrl))?.filter((slot) => slot.name === name) ?? [];
  const hasFailed = connector.state === 'FAILED';
  if (hasFailed) process.exitCode = 1;
  if (options.json === true) {
    const shown = options.trace === true ? connector : withoutTraces(connector);
    return printJson({ ...shown, slot: slots[0] ?? null });
  }
  print(
    table(
      ['PART', 'STATE', 'WHY'],
      partsOf(connector).map(({ part, state, fault }) => [part, stateOf(state), escaped(fault ?? '')]),
    ),
  );
  if (slots.length > 0) print(`\n${slotTable(slots)}`);
  for (const { part, trace } of options.trace === true ? partsOf(connector) : []) {
    if (trace !== null) print(`\n${part}:\n${escaped(trace.trimEnd())}`);
  }
  if (!hasFailed) return printNext('./stream-manager.sh connectors list');
  printNext(
    ...(options.trace === true ? [] : [`./stream-manager.sh connectors status ${name} --trace`]),
    `./stream-manager.sh connectors restart ${name} --failed`,
  );
};

const partsOf = ({ type, state, tasks, fault, trace }: ConnectorSummary) => [
  { part: type, state, fault, trace },
  ...tasks.map((task) => ({ part: `task ${task.id}`, state: task.state, fault: task.fault, trace: task.trace })),
];
