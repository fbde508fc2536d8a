import type { Command } from 'commander';
import type { TopicDetail } from '../../operations/topics.ts';
import { counted, duration, number } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { table } from '../table.ts';
import { colours, print, printJson, printNext } from '../terminal.ts';

export const define = (command: Command): void => {
  command.argument('<NAME>', 'the topic');
  placeFlags(jsonFlag(command)).action(run);
  examples(command, { 'describe-topic analytics-events': 'its partitions, settings and event types' });
};

const run = async (name: string, options: StackChoice & { json?: boolean }): Promise<void> => {
  const { withAdmin } = await import('../../operations/cluster.ts');
  const { describeTopic } = await import('../../operations/topics.ts');
  const topic = await withAdmin(await settingsOf(options), (admin) => describeTopic(admin, name));
  if (options.json === true) return printJson(topic);
  show(topic);
  printNext(
    topic.messages > 0
      ? `./stream-manager.sh consume ${name} from-beginning --max 5`
      : `./stream-manager.sh consume ${name}`,
    ...(topic.group === null ? [] : [`./stream-manager.sh describe-group ${topic.group}`]),
  );
};

const show = (topic: TopicDetail): void => {
  const settings = Object.entries(topic.config).filter(([name]) => name !== 'retention.ms');
  const facts: readonly (readonly [string, string | null])[] = [
    ['Purpose', topic.purpose],
    ['Key', topic.key],
    ['Event types', topic.eventTypes.join(', ') || null],
    ['Consumer group', topic.group],
    ['Retention', `${duration(topic.retentionMs)} (${number(topic.retentionMs)} ms)`.replace(' (-1 ms)', '')],
    ['Settings', settings.map(([name, value]) => `${name}=${value}`).join(', ') || null],
    ['Messages', `${number(topic.messages)} in ${counted(topic.partitions, 'partition')}`],
  ];
  print(colours.bold(topic.name));
  for (const [name, value] of facts) if (value !== null) print(`  ${colours.dim(name.padEnd(15))} ${value}`);
  print();
  print(
    table(
      [
        { head: 'PARTITION', align: 'right' },
        { head: 'FIRST', align: 'right' },
        { head: 'END', align: 'right' },
        { head: 'MESSAGES', align: 'right' },
        { head: 'LEADER', align: 'right' },
        'IN SYNC',
      ],
      topic.partitionDetails.map(({ partition, begin, end, leader, replicas, inSync }) => [
        String(partition),
        number(begin),
        number(end),
        number(end - begin),
        leader < 0 ? 'none' : String(leader),
        `${inSync.length} of ${replicas.length}`,
      ]),
    ),
  );
};
