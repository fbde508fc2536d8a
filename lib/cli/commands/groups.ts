import type { Command } from 'commander';
import { number } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { stateOf } from '../states.ts';
import { table } from '../table.ts';
import { print, printJson, printNext } from '../terminal.ts';

export const define = (command: Command): void => {
  placeFlags(jsonFlag(command)).action(run);
  examples(command, { groups: 'state, members and lag of every group' });
};

const run = async (options: StackChoice & { json?: boolean }): Promise<void> => {
  const { withAdmin } = await import('../../operations/cluster.ts');
  const { listGroups } = await import('../../operations/groups.ts');
  const groups = await withAdmin(await settingsOf(options), listGroups);
  if (options.json === true) return printJson(groups);
  print(
    table(
      ['GROUP', 'STATE', { head: 'MEMBERS', align: 'right' }, { head: 'LAG', align: 'right' }, 'TOPICS'],
      groups.map(({ group, state, members, lag, topics }) => [
        group,
        stateOf(state),
        number(members),
        number(lag),
        topics.join(', ') || '-',
      ]),
    ),
  );
  const [behind] = [...groups].sort((a, b) => b.lag - a.lag);
  printNext(`./stream-manager.sh describe-group ${behind?.group ?? 'qr-processors'}`);
};
