import type { Command } from 'commander';
import type { Slot } from '../../../operations/database/index.ts';
import { escaped } from '../../escape.ts';
import { bytes } from '../../format.ts';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { connectPlacesOf, type StackChoice } from '../../stack.ts';
import { stateOf } from '../../states.ts';
import { table } from '../../table.ts';
import { print, printJson, printNext } from '../../terminal.ts';

export const define = (command: Command): void => {
  command.description('all connectors, and the replication slots they read PostgreSQL by');
  dataDirFlag(jsonFlag(command)).action(run);
};

const run = async (options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const { listConnectors, openWorker, whyFailed, withoutTraces } = await import(
    '../../../operations/connectors/index.ts'
  );
  const { slotsAt } = await import('../../../operations/database/index.ts');
  const { connectUrl, databaseUrl } = await connectPlacesOf(options, 'connectUrl', 'databaseUrl');
  const [connectors, slots] = await Promise.all([listConnectors(openWorker(connectUrl)), slotsAt(databaseUrl)]);
  const failed = connectors.filter(({ state }) => state === 'FAILED');
  if (failed.length > 0) process.exitCode = 1;
  if (options.json === true) return printJson({ connectors: connectors.map(withoutTraces), slots });
  if (connectors.length === 0) {
    print('No connectors.');
    return printNext('./stream-manager.sh connectors apply');
  }
  print(
    table(
      ['CONNECTOR', 'TYPE', 'STATE', { head: 'TASKS', align: 'right' }, 'WHY'],
      connectors.map((each) => [
        escaped(each.name),
        each.type,
        stateOf(each.state),
        String(each.tasks.length),
        escaped(whyFailed(each) ?? ''),
      ]),
    ),
  );
  if (slots !== null && slots.length > 0) print(`\n${slotTable(slots)}`);
  const shown = failed[0] ?? connectors[0];
  printNext(`./stream-manager.sh connectors status ${shown?.name}`);
};

/** Slots in columns. */
export const slotTable = (slots: readonly Slot[]): string =>
  table(
    ['SLOT', 'READER', { head: 'BEHIND', align: 'right' }, 'LOG'],
    slots.map(({ name, active, lagBytes, walStatus }) => [
      escaped(name),
      active ? 'connected' : 'none',
      bytes(lagBytes),
      walStatus,
    ]),
  );
