import type { Command } from 'commander';
import type { Planned } from '../../../operations/connectors/index.ts';
import { asTyped } from '../../call.ts';
import { counted } from '../../format.ts';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { connectPlacesOf, type StackChoice } from '../../stack.ts';
import { table } from '../../table.ts';
import { colours, note, print, printJson, printNext } from '../../terminal.ts';

interface Options extends StackChoice {
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

export const define = (command: Command): void => {
  command
    .description('validate the configurations under connect/ and give Connect what it lacks or has otherwise')
    .argument('[NAMES...]', 'only these; every file otherwise')
    .option('--dry-run', 'validate, show what would change, and change nothing');
  dataDirFlag(jsonFlag(command)).action(run);
};

const run = async (names: readonly string[], options: Options): Promise<void> => {
  const { applyFiles, connectorFiles, openWorker, planFiles, validateFiles } = await import(
    '../../../operations/connectors/index.ts'
  );
  const files = await connectorFiles(names);
  const worker = openWorker((await connectPlacesOf(options, 'connectUrl')).connectUrl);
  await validateFiles(worker, files);
  const plan = await planFiles(worker, files);
  const changes = plan.filter(({ change }) => change !== 'none').length;
  const isQuiet = options.json === true;
  if (!isQuiet) print(planTable(plan));
  if (options.dryRun === true) {
    if (isQuiet) return printJson({ plan, applied: false });
    print('\nDry run: nothing was changed.');
    return printNext(asTyped({ without: ['--dry-run'] }));
  }
  if (changes > 0 && !isQuiet) note('\nApplying ...');
  await applyFiles(worker, files);
  if (isQuiet) return printJson({ plan, applied: true });
  const done =
    changes === 0 ? 'Everything is as the files say.' : `${counted(changes, 'connector')} applied and running.`;
  print(`\n${colours.green('✓')} ${done}`);
  printNext('./stream-manager.sh connectors list');
};

const WORDS = { create: 'to be made', update: 'to be changed', none: 'as it is' } as const;
const FIELDS_SHOWN = 4;

/** A plan in columns: names of fields only, whose values may be secret. */
const planTable = (plan: readonly Planned[]): string =>
  table(
    ['CONNECTOR', 'PLAN', 'FIELDS'],
    plan.map(({ name, change, fields }) => [name, WORDS[change], change === 'update' ? fieldsOf(fields) : '']),
  );

const fieldsOf = (fields: readonly string[]): string => {
  const more = fields.length - FIELDS_SHOWN;
  return `${fields.slice(0, FIELDS_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};
