import type { Command } from 'commander';
import { counted } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { table } from '../../table.ts';
import { colours, print, printJson, printNext } from '../../terminal.ts';

export const define = (command: Command): void => {
  command.description('subjects of the registry with versions, ids and compatibility');
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const { openRegistry } = await import('../../../events/index.ts');
  const { listSubjects } = await import('../../../operations/schemas/registered.ts');
  const subjects = await listSubjects(openRegistry(await settingsOf(options)));
  if (options.json === true) return printJson(subjects);
  print(
    table(
      ['SUBJECT', 'EVENT TYPE', 'COMPATIBILITY', 'VERSIONS', 'IDS'],
      subjects.map(({ subject, eventType, compatibility, versions }) => [
        subject,
        eventType ?? '-',
        compatibility,
        versions.map(({ version }) => version).join(', ') || colours.yellow('none'),
        versions.map(({ id }) => id).join(', ') || '-',
      ]),
    ),
  );
  print(`\n${counted(subjects.length, 'subject')}`);
  const missing = subjects.some(({ versions }) => versions.length === 0);
  printNext(missing ? './stream-manager.sh schemas register --all' : './stream-manager.sh schemas check');
};
