import type { Command } from 'commander';
import type { TopicReport } from '../../operations/topic-report.ts';
import type { TopicConfig } from '../../operations/topics.ts';
import { integer } from '../arguments.ts';
import { argument, escapedName } from '../escape.ts';
import { bytes, counted, duration, number, rate } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { right, table } from '../table.ts';
import { colours, print, printJson, printNext } from '../terminal.ts';

interface Options extends StackChoice {
  readonly minutes: number;
  readonly configs?: boolean;
  readonly json?: boolean;
}

const RATE_MINUTES = 5;

export const define = (command: Command): void => {
  command
    .argument('<TOPIC>', 'the topic')
    .option('--minutes <N>', `the rate of the last N minutes (${RATE_MINUTES})`, integer(1, 10_080), RATE_MINUTES)
    .option('--configs', 'every setting; those that are not a broker’s own default are marked with *');
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    'describe-topic analytics-events': 'its partitions, sizes, groups and rate of publishing',
    'describe-topic analytics-events --minutes 60 --configs': 'the rate of the last hour, and every setting',
  });
};

const run = async (name: string, options: Options): Promise<void> => {
  const { withAdmin } = await import('../../operations/cluster.ts');
  const { reportTopic } = await import('../../operations/topic-report.ts');
  const settings = await settingsOf(options);
  const topic = await withAdmin(settings, (admin) => reportTopic(admin, settings, name, options.minutes));
  if (options.json === true) return printJson(topic);
  show(topic);
  if (options.configs === true) showConfigs(topic.configs);
  printNext(
    topic.messages > 0
      ? `./stream-manager.sh consume ${name} from-beginning --max 5`
      : `./stream-manager.sh consume ${name}`,
    ...(topic.group === null ? [] : [`./stream-manager.sh describe-group ${argument(topic.group)}`]),
  );
};

const sizeOf = ({ bytes: size, bytesOnDisk }: TopicReport): string => {
  if (size === null || bytesOnDisk === null) return 'not told by the brokers';
  return bytesOnDisk === size ? bytes(size) : `${bytes(size)}, with all copies ${bytes(bytesOnDisk)}`;
};

const show = (topic: TopicReport): void => {
  const settings = Object.entries(topic.config).filter(([name]) => name !== 'retention.ms');
  const facts: readonly (readonly [string, string | null])[] = [
    ['Purpose', topic.purpose],
    ['Key', topic.key],
    ['Event types', topic.eventTypes.join(', ') || null],
    ['Consumer group', topic.group],
    ['Retention', `${duration(topic.retentionMs)} (${number(topic.retentionMs)} ms)`.replace(' (-1 ms)', '')],
    ['Settings', settings.map(([name, value]) => `${name}=${value}`).join(', ') || null],
    ['Messages', `${number(topic.messages)} in ${counted(topic.partitions, 'partition')}`],
    ['Size', sizeOf(topic)],
    ['Published', `${rate(topic.recordsPerSecond)} in the last ${counted(topic.rateMinutes, 'minute')}`],
  ];
  print(colours.bold(topic.name));
  for (const [name, value] of facts) if (value !== null) print(`  ${colours.dim(name.padEnd(15))} ${value}`);
  if (topic.groups.length > 0) {
    print();
    print(
      table(
        ['GROUP', right('LAG'), right('PARTITIONS')],
        topic.groups.map(({ group, lag, partitionsCommitted }) => [
          escapedName(group),
          number(lag),
          `${partitionsCommitted} of ${topic.partitions}`,
        ]),
      ),
    );
  }
  print();
  print(
    table(
      [
        right('PARTITION'),
        right('FIRST'),
        right('END'),
        right('MESSAGES'),
        right('SIZE'),
        right('RATE'),
        right('LEADER'),
        'REPLICAS',
        'IN SYNC',
      ],
      topic.partitionDetails.map((each) => [
        String(each.partition),
        number(each.begin),
        number(each.end),
        number(each.end - each.begin),
        each.bytes === null ? '-' : bytes(each.bytes),
        rate(each.recordsPerSecond),
        each.leader < 0 ? colours.red('none') : String(each.leader),
        each.replicas.join(','),
        inSyncText(each),
      ]),
    ),
  );
};

const inSyncText = ({ inSync, replicas }: TopicReport['partitionDetails'][number]): string =>
  inSync.length < replicas.length ? colours.red(`${inSync.join(',')} only`) : inSync.join(',');

const showConfigs = (configs: readonly TopicConfig[]): void => {
  print();
  print(
    table(
      ['', 'SETTING', 'VALUE', 'SET BY'],
      configs.map(({ name, value, isDefault, isTopics }) => [
        isDefault ? '' : '*',
        name,
        value === '' ? '""' : value,
        isTopics ? 'the topic' : isDefault ? colours.dim('default') : 'the brokers',
      ]),
    ),
  );
};
