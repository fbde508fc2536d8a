import type { Command } from 'commander';
import { StreamError } from '../../../errors.ts';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { connectPlacesOf, type StackChoice } from '../../stack.ts';
import { colours, confirm, note, print, printJson, printNext } from '../../terminal.ts';

interface Options extends StackChoice {
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly dropSlot?: boolean;
}

export const define = (command: Command): void => {
  command
    .description('take a connector away from Connect; its file and what it has written stay, and its slot; asks first')
    .argument('<NAME>', 'the connector')
    .option(
      '--drop-slot',
      'its replication slot and its place in it too: what it has not read by then is never published',
    )
    .option('--yes', 'do not ask');
  dataDirFlag(jsonFlag(command)).action(run);
};

const run = async (name: string, options: Options): Promise<void> => {
  const { forgetConnector, openWorker, requireConnector } = await import('../../../operations/connectors/index.ts');
  const { slotsAt } = await import('../../../operations/database/index.ts');
  const { connectUrl, databaseUrl } = await connectPlacesOf(options, 'connectUrl', 'databaseUrl');
  const worker = openWorker(connectUrl);
  await requireConnector(worker, name);
  const slot = (await slotsAt(databaseUrl))?.find((each) => each.name === name);
  const drops = slot !== undefined && options.dropSlot === true;
  if (slot !== undefined && !drops && options.json !== true) {
    note(`PostgreSQL keeps its log for the slot ${name} until the connector is back, or the slot is dropped.`);
  }
  if (options.yes !== true && !(await agreed(name, drops))) throw new StreamError('REFUSED', 'Nothing was deleted.');
  if (drops) {
    await forgetConnector(worker, name);
    await dropSlotAt(databaseUrl, name);
  } else await worker.delete(name);
  if (options.json === true) return printJson({ name, deleted: true, slotDropped: drops });
  print(`${colours.green('✓')} ${name} is deleted${drops ? ', and its slot' : ''}.`);
  if (drops) {
    return printNext(
      './stream-manager.sh connectors migrate   (makes a new slot)',
      `./stream-manager.sh connectors apply ${name}   (brings it back, from there on)`,
    );
  }
  printNext(`./stream-manager.sh connectors apply ${name}   (brings it back, where it was)`);
};

const dropSlotAt = async (databaseUrl: string, name: string): Promise<void> => {
  const { dropSlot, withDatabase } = await import('../../../operations/database/index.ts');
  await withDatabase(databaseUrl, (db) => dropSlot(db, name));
};

const agreed = (name: string, drops: boolean): Promise<boolean> =>
  confirm(`Delete the connector ${name}${drops ? ' with its slot, and events it has not published yet' : ''}?`, {
    message: 'Without a terminal nobody can be asked.',
  });
