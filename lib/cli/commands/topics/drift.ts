import type { Command } from 'commander';
import type { Difference } from '../../../operations/topic-plan.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { table } from '../../table.ts';
import { colours, note, print, printJson, printNext } from '../../terminal.ts';

export const define = (command: Command): void => {
  command.description('in what the cluster differs from the catalog; exit code 1 when it does');
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const { withAdmin } = await import('../../../operations/cluster.ts');
  const { topicDrift } = await import('../../../operations/topic-apply.ts');
  const differences = await withAdmin(await settingsOf(options), topicDrift);
  if (differences.length > 0) process.exitCode = 1;
  if (options.json === true) return printJson({ agrees: differences.length === 0, differences });
  if (differences.length === 0) return print('The cluster agrees with the catalog.');
  showDifferences(differences);
  printNext('./stream-manager.sh topics apply --dry-run');
};

/** What is done about a difference, in a word. */
const REPAIRS: Readonly<Record<Difference['repair'], string>> = {
  create: 'make',
  grow: 'grow',
  set: 'set',
  unset: 'back to the default',
  none: colours.red('cannot'),
};

/** Differences in columns, and below what follows from them. */
export const showDifferences = (differences: readonly Difference[]): void => {
  print(
    table(
      ['TOPIC', 'WHAT', 'CLUSTER', 'CATALOG', 'REPAIR'],
      differences.map(({ topic, what, actual, wanted, repair }) => [
        topic,
        what,
        actual ?? '-',
        wanted ?? 'default',
        REPAIRS[repair],
      ]),
    ),
  );
  const notes = differences.flatMap(({ topic, note: text }) => (text === undefined ? [] : [`${topic}: ${text}.`]));
  if (notes.length > 0) note();
  for (const text of notes) note(text);
};
