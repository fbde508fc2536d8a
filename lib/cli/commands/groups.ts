import type { Command } from 'commander';
import { argument, escapedName } from '../escape.ts';
import { number } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { rememberNames } from '../seen-names.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { stateOf } from '../states.ts';
import { table } from '../table.ts';
import { print, printJson, printNext } from '../terminal.ts';
import { lagTable } from './lag.ts';

export const define = (command: Command): void => {
  command.option('--lag', 'by topic, with the age of the oldest unread message, furthest behind first');
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    groups: 'state, members and lag of every group',
    'groups --lag': 'how far behind each is, in time as well',
  });
};

const run = async (options: StackChoice & { lag?: boolean; json?: boolean }): Promise<void> => {
  const { withAdmin } = await import('../../operations/cluster.ts');
  if (options.lag === true) {
    const { lagWatcher } = await import('../../operations/lag.ts');
    const settings = await settingsOf(options);
    const rows = await withAdmin(settings, lagWatcher(settings));
    if (options.json === true) return printJson(rows);
    print(lagTable(rows));
    return printNext('./stream-manager.sh lag --watch');
  }
  const { isCatalogGroup, listGroups } = await import('../../operations/groups.ts');
  const groups = await withAdmin(await settingsOf(options), listGroups);
  await rememberNames(options, 'groups', () =>
    groups.map(({ group }) => group).filter((name) => !isCatalogGroup(name)),
  );
  if (options.json === true) return printJson(groups);
  print(
    table(
      ['GROUP', 'STATE', { head: 'MEMBERS', align: 'right' }, { head: 'LAG', align: 'right' }, 'TOPICS'],
      groups.map(({ group, state, members, lag, topics }) => [
        escapedName(group),
        stateOf(state),
        number(members),
        number(lag),
        topics.map(escapedName).join(', ') || '-',
      ]),
    ),
  );
  const [behind] = [...groups].sort((a, b) => b.lag - a.lag);
  printNext(`./stream-manager.sh describe-group ${argument(behind?.group ?? 'qr-processors')}`);
};
