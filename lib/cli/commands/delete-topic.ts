import type { Command } from 'commander';
import { topic as catalogEntry, isTopicName } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import { counted } from '../format.ts';
import { dataDirFlag, examples, jsonFlag } from '../help.ts';
import { rememberNames } from '../seen-names.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { ask, colours, confirm, note, noteColours, print, printJson, printNext } from '../terminal.ts';

interface Options extends StackChoice {
  readonly yes?: boolean;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command.argument('<TOPIC>', 'the topic').option('--yes', 'do not ask');
  dataDirFlag(jsonFlag(command)).action(run);
  examples(command, {
    'delete-topic my-topic': 'asks first',
    'delete-topic my-topic --yes': 'for scripts: does not ask',
  });
};

const run = async (name: string, options: Options): Promise<void> => {
  const { withAdmin } = await import('../../operations/cluster.ts');
  const { deleteTopic, describeTopic } = await import('../../operations/topics.ts');
  const settings = await settingsOf(options);
  const { messages } = await withAdmin(settings, (admin) => describeTopic(admin, name));
  warn(name, messages);
  if (options.yes !== true && !(await agreed(name, messages)))
    throw new StreamError('REFUSED', `Topic ${name} was not deleted.`);
  await withAdmin(settings, (admin) => deleteTopic(admin, name));
  await rememberNames(options, 'topics', (before) => before.filter((each) => each !== name));
  if (options.json === true) return printJson({ name, messages });
  print(`${colours.green('✓')} Topic ${name} is deleted, with ${counted(messages, 'message')}.`);
  printNext(
    isTopicName(name)
      ? './stream-manager.sh start   (makes the missing topic again, empty)'
      : './stream-manager.sh topics',
  );
};

/** A topic of the catalog has a consumer that depends on it. */
const warn = (name: string, messages: number): void => {
  if (!isTopicName(name)) return;
  const { purpose, consumerGroup } = catalogEntry(name);
  note(`${noteColours.bold(noteColours.red('Careful:'))} ${name} is one of the product’s 13 topics.`);
  note(`  It carries: ${purpose}.`);
  note(
    `  ${counted(messages, 'message')} and the offsets of ${consumerGroup} will be gone, and publishing to it will fail.`,
  );
};

const agreed = async (name: string, messages: number): Promise<boolean> => {
  const without = {
    message: `Deleting ${name} has to be confirmed, and there is no terminal to ask on.`,
  };
  if (isTopicName(name)) return (await ask('Type the name of the topic to delete it:', without)) === name;
  return confirm(`Delete topic ${name} with ${counted(messages, 'message')}?`, without);
};
