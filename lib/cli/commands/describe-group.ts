import type { Command } from 'commander';
import { isTopicName } from '../../catalog/index.ts';
import type { TimedGroup } from '../../operations/lag.ts';
import { argument, escapedName } from '../escape.ts';
import { age, counted, number } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { stateOf } from '../states.ts';
import { table } from '../table.ts';
import { colours, print, printJson, printNext } from '../terminal.ts';

export const define = (command: Command): void => {
  command.argument('<GROUP>', 'the consumer group');
  placeFlags(jsonFlag(command)).action(run);
  examples(command, { 'describe-group qr-processors': 'who reads what, and how far behind' });
};

const run = async (group: string, options: StackChoice & { json?: boolean }): Promise<void> => {
  const { describeTimedGroup } = await import('../../operations/lag.ts');
  const detail = await describeTimedGroup(await settingsOf(options), group);
  if (options.json === true) return printJson(detail);
  show(detail);
  const [topic = 'TOPIC'] = detail.topics;
  printNext(
    `./stream-manager.sh reset-group ${argument(group)} ${argument(topic)} to-earliest --dry-run`,
    isTopicName(topic) ? `./stream-manager.sh logs ${topic}` : `./stream-manager.sh describe-topic ${topic}`,
  );
};

const show = ({ group, state, members, lag, lagMs, memberDetails, partitionDetails }: TimedGroup): void => {
  print(colours.bold(escapedName(group)));
  print(`  ${colours.dim('State  ')} ${stateOf(state)}${state === 'none' ? ' (it never connected)' : ''}`);
  print(`  ${colours.dim('Members')} ${number(members)}`);
  print(
    `  ${colours.dim('Lag    ')} ${counted(lag, 'message')}${lagMs === null ? '' : `, the oldest ${age(lagMs)} old`}`,
  );
  if (memberDetails.length > 0) {
    print();
    print(
      table(
        ['MEMBER', 'HOST', { head: 'PARTITIONS', align: 'right' }],
        memberDetails.map(({ id, client, host }) => [
          escapedName(id),
          escapedName(host),
          String(partitionDetails.filter(({ member }) => member === client).length),
        ]),
      ),
    );
  }
  if (partitionDetails.length === 0) return;
  print();
  print(
    table(
      [
        'TOPIC',
        { head: 'PARTITION', align: 'right' },
        { head: 'COMMITTED', align: 'right' },
        { head: 'END', align: 'right' },
        { head: 'LAG', align: 'right' },
        { head: 'LAG TIME', align: 'right' },
        'READ BY',
      ],
      partitionDetails.map(({ topic, partition, committed, end, lag: behind, lagMs: late, member }) => [
        escapedName(topic),
        String(partition),
        committed === null ? '-' : number(committed),
        number(end),
        number(behind),
        late === null ? '-' : age(late),
        member === null ? '-' : escapedName(member),
      ]),
    ),
  );
};
