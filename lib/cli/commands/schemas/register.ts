import type { Command } from 'commander';
import { StreamError } from '../../../errors.ts';
import { SCHEMA_FILES } from '../../../local/schema-files.ts';
import { counted } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { interruptSignal } from '../../interrupt.ts';
import { settingsOf } from '../../stack.ts';
import { colours, confirm, note, noteColours, print, printJson, printNext } from '../../terminal.ts';
import { chosenFiles, type FileChoice, showReviews } from './check.ts';

interface Options extends FileChoice {
  readonly yes?: boolean;
}

export const define = (command: Command): void => {
  command
    .description('register a schema file, or all; a breaking one is refused with the reason')
    .argument('[FILE]', 'a schema file, or an event type')
    .option('--all', 'every file of schemas/')
    .option('--subject <SUBJECT>', 'the subject of a file that is not the catalog’s')
    .option('--yes', 'do not ask');
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (name: string | undefined, options: Options): Promise<void> => {
  if (name === undefined && options.all !== true) {
    throw new StreamError('USAGE', 'Which schema?', { next: 'Name a file or an event type, or say --all' });
  }
  const { openRegistry } = await import('../../../events/index.ts');
  const { registerFiles, reviewFiles } = await import('../../../operations/schemas/review.ts');
  const registry = openRegistry(await settingsOf(options));
  const files = await chosenFiles(name, options);
  const reviews = await reviewFiles(registry, files, SCHEMA_FILES);
  const isQuiet = options.json === true;
  if (!isQuiet) showReviews(reviews);
  const standing = new Map(reviews.map((review) => [review.path, review.standing]));
  const broken = files.filter(({ path }) => standing.get(path) === 'breaks');
  const fresh = files.filter(({ path }) => ['new', 'changed'].includes(standing.get(path) ?? ''));
  if (broken.length > 0) process.exitCode = 1;
  if (fresh.length > 0 && options.yes !== true && !(await agreed(fresh.length))) {
    throw new StreamError('REFUSED', 'Nothing was registered.');
  }
  // From here on Ctrl-C waits for the requests under way; what is left is done by calling it again.
  interruptSignal();
  const { registered, refused } =
    fresh.length === 0 ? { registered: [], refused: [] } : await registerFiles(registry, fresh);
  if (refused.length > 0) process.exitCode = 1;
  for (const { message } of refused) note(`${noteColours.red('✗')} ${message}`);
  for (const { path } of broken) note(`${noteColours.red('✗')} ${path} was not registered: it breaks readers.`);
  if (isQuiet) {
    const left = [...broken.map(({ subject }) => subject), ...fresh.map(({ subject }) => subject)].filter(
      (subject) => !registered.some((each) => each.subject === subject),
    );
    return printJson({ schemas: reviews, registered, left });
  }
  if (registered.length > 0) print(`\n${colours.green('✓')} ${counted(registered.length, 'schema')} registered.`);
  else if (broken.length === 0 && refused.length === 0) print('Nothing to register.');
  printNext('./stream-manager.sh schemas list');
};

const agreed = (count: number): Promise<boolean> =>
  confirm(`\nRegister ${counted(count, 'schema')}?`, {
    message: 'Without a terminal nobody can be asked.',
  });
