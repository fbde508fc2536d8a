import type { Command } from 'commander';
import { integer } from '../arguments.ts';
import { counted, duration } from '../format.ts';
import { dataDirFlag, examples, jsonFlag } from '../help.ts';
import { rememberNames } from '../seen-names.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { colours, print, printJson, printNext } from '../terminal.ts';

interface Options extends StackChoice {
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .argument('<NAME>', 'letters, digits, ".", "_" and "-"')
    .argument('<PARTITIONS>', 'how many partitions', integer(1, 1_000))
    .argument('<RETENTION_MS>', 'milliseconds to keep records; -1 for ever', integer(-1));
  dataDirFlag(jsonFlag(command)).action(run);
  examples(command, { 'create-topic my-topic 3 604800000': 'three partitions, seven days' });
};

const run = async (name: string, partitions: number, retentionMs: number, options: Options): Promise<void> => {
  const { withAdmin } = await import('../../operations/cluster.ts');
  const { createTopic } = await import('../../operations/topics.ts');
  await withAdmin(await settingsOf(options), (admin) => createTopic(admin, { name, partitions, retentionMs }));
  await rememberNames(options, 'topics', (before) => [...before, name]);
  if (options.json === true) return printJson({ name, partitions, retentionMs });
  print(
    `${colours.green('✓')} Topic ${name} made: ${counted(partitions, 'partition')}, records kept ${duration(retentionMs)}.`,
  );
  printNext(`./stream-manager.sh test-message ${name} '{"hello":"world"}'`);
};
