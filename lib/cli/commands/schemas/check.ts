import type { Command } from 'commander';
import { StreamError } from '../../../errors.ts';
import { SCHEMA_FILES } from '../../../local/schema-files.ts';
import type { SchemaFile } from '../../../operations/schemas/files.ts';
import type { Review, Standing } from '../../../operations/schemas/review.ts';
import { counted } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { table } from '../../table.ts';
import { colours, print, printJson, printNext } from '../../terminal.ts';

export interface FileChoice extends StackChoice {
  readonly all?: boolean;
  readonly subject?: string;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .description('which change of a schema file breaks which reader; exit code 1 then')
    .argument('[FILE]', 'a schema file, or an event type; all files without it')
    .option('--all', 'every file of schemas/')
    .option('--subject <SUBJECT>', 'the subject of a file that is not the catalog’s');
  placeFlags(jsonFlag(command)).action(run);
};

/**
 * The files a command is about.
 *
 * @throws StreamError USAGE when a file and --all are given
 */
export const chosenFiles = async (name: string | undefined, options: FileChoice): Promise<readonly SchemaFile[]> => {
  const { findSchemaFile, readSchemaFolder } = await import('../../../operations/schemas/files.ts');
  if (name === undefined) return readSchemaFolder(SCHEMA_FILES);
  if (options.all === true) {
    throw new StreamError('USAGE', 'A file and --all exclude each other.', { next: 'Leave one of them out' });
  }
  return [await findSchemaFile(name, SCHEMA_FILES, options.subject)];
};

const run = async (name: string | undefined, options: FileChoice): Promise<void> => {
  const { openRegistry } = await import('../../../events/index.ts');
  const { reviewFiles } = await import('../../../operations/schemas/review.ts');
  const files = await chosenFiles(name, options);
  const reviews = await reviewFiles(openRegistry(await settingsOf(options)), files, SCHEMA_FILES);
  const breaking = reviews.filter(({ standing }) => standing === 'breaks');
  if (breaking.length > 0) process.exitCode = 1;
  if (options.json === true) return printJson({ ok: breaking.length === 0, schemas: reviews });
  showReviews(reviews);
  if (breaking.length > 0) return printNext(`./stream-manager.sh schemas diff ${breaking[0]?.path}`);
  const unknown = reviews.filter(({ standing }) => standing !== 'known').length;
  printNext(unknown > 0 ? './stream-manager.sh schemas register --all' : './stream-manager.sh schemas list');
};

const WORDS: Readonly<Record<Standing, string>> = {
  known: colours.dim('registered'),
  new: colours.green('new subject'),
  changed: colours.green('new version'),
  breaks: colours.red('breaks'),
};

const count = (reviews: readonly Review[], standing: Standing): number =>
  reviews.filter((review) => review.standing === standing).length;

/** Files that are not as registered in columns, then what breaks and what is to be known, in sentences. */
export const showReviews = (reviews: readonly Review[]): void => {
  const shown = reviews.filter(({ standing }) => standing !== 'known');
  if (shown.length > 0) {
    print(
      table(
        ['SUBJECT', 'STANDING', 'COMPATIBILITY'],
        shown.map(({ subject, standing, compatibility }) => [subject, WORDS[standing], compatibility]),
      ),
    );
    print();
  }
  for (const { subject, findings } of reviews) {
    if (findings.length === 0) continue;
    print(colours.bold(subject));
    for (const { text, isBreaking } of findings) {
      print(
        isBreaking ? `  ${colours.red('✗')} ${text}` : `  ${colours.yellow('!')} ${text}, until they have this one`,
      );
    }
    print();
  }
  print(
    `${counted(reviews.length, 'schema')}: ${count(reviews, 'known')} registered as they are, ` +
      `${count(reviews, 'new') + count(reviews, 'changed')} to be registered, ${count(reviews, 'breaks')} breaking.`,
  );
};
