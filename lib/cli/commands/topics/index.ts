import type { Command } from 'commander';
import { isTopicName } from '../../../catalog/index.ts';
import { counted, duration, number } from '../../format.ts';
import { examples, jsonFlag, placeFlags } from '../../help.ts';
import { rememberNames } from '../../seen-names.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { table } from '../../table.ts';
import { print, printJson, printNext } from '../../terminal.ts';
import { define as defineApply } from './apply.ts';
import { define as defineDrift } from './drift.ts';

interface Options extends StackChoice {
  readonly json?: boolean;
  readonly all?: boolean;
}

export const define = (command: Command): void => {
  // What stands after a subcommand is the subcommand's.
  command.enablePositionalOptions();
  command.option('--all', 'also the internal topics of Kafka and the services beside it');
  placeFlags(jsonFlag(command)).action(run);
  defineDrift(command.command('drift'));
  defineApply(command.command('apply'));
  examples(command, {
    topics: 'the 13 topics of the product, and yours',
    'topics --json': 'the same for programs',
    'topics drift': 'in what the cluster differs from the catalog; exit code 1 then',
    'topics apply --dry-run': 'what would be made, grown and set to make it agree',
  });
};

const run = async (options: Options): Promise<void> => {
  const { withAdmin } = await import('../../../operations/cluster.ts');
  const { listTopics } = await import('../../../operations/topics.ts');
  const topics = await withAdmin(await settingsOf(options), (admin) =>
    listTopics(admin, { internal: options.all === true }),
  );
  const own = topics.filter(({ name, internal }) => !internal && !isTopicName(name)).map(({ name }) => name);
  await rememberNames(options, 'topics', () => own);
  if (options.json === true) return printJson(topics);
  if (topics.length === 0) print('There are no topics yet.');
  else {
    print(
      table(
        [
          'TOPIC',
          { head: 'PARTITIONS', align: 'right' },
          { head: 'RETENTION', align: 'right' },
          { head: 'MESSAGES', align: 'right' },
          'GROUP',
        ],
        topics.map((each) => [
          each.name,
          number(each.partitions),
          duration(each.retentionMs),
          number(each.messages),
          each.group ?? '-',
        ]),
      ),
    );
    const partitions = topics.reduce((sum, each) => sum + each.partitions, 0);
    print(`\n${counted(topics.length, 'topic')}, ${counted(partitions, 'partition')}`);
  }
  const [first] = topics;
  printNext(first === undefined ? './stream-manager.sh start' : `./stream-manager.sh describe-topic ${first.name}`);
};
