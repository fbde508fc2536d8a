import type { Command } from 'commander';
import { StreamError } from '../../../errors.ts';
import type { LetterStores, Redriven } from '../../../operations/dead-letters/index.ts';
import type { Letter, LetterStatus } from '../../../stores/dead-letters/index.ts';
import { escaped } from '../../escape.ts';
import { counted } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { settingsOf } from '../../stack.ts';
import { colours, confirm, note, print, printJson, printNext } from '../../terminal.ts';
import { chosenLetters, type FilterOptions, filterFlags } from './filter.ts';
import { letterTable } from './list.ts';

interface Options extends FilterOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** A command that does something to letters: shows them first, asks, then acts. */
interface Change {
  readonly description: string;
  /** Which letters are meant unless the flags say otherwise. */
  readonly statuses: readonly LetterStatus[];
  /** For the question: `Put 3 letters back?` */
  readonly question: (letters: string) => string;
  readonly done: (letters: string) => string;
  /** @returns those it could not be done to */
  readonly act: (letters: readonly Letter[], stores: LetterStores) => Promise<Redriven['left']>;
}

const acts = () => import('../../../operations/dead-letters/index.ts');

/** The commands, by name. */
export const CHANGES: Readonly<Record<string, Change>> = {
  redrive: {
    description: 'put records back on their topics; without --status those that are open or parked',
    statuses: ['open', 'parked'],
    question: (letters) => `Put ${letters} back on their topics?`,
    done: (letters) => `${letters} put back.`,
    act: async (letters, stores) => (await (await acts()).redriveLetters(letters, stores)).left,
  },
  park: {
    description: 'let nothing happen to letters by itself; without --status those that are open or retrying',
    statuses: ['open', 'retrying'],
    question: (letters) => `Park ${letters}?`,
    done: (letters) => `${letters} parked.`,
    act: async (letters, stores) => {
      await (await acts()).parkLetters(letters, stores);
      return [];
    },
  },
  purge: {
    description: 'forget letters and their records for good; without --status those that are done',
    statuses: ['done'],
    question: (letters) => `Delete ${letters} with their records for good?`,
    done: (letters) => `${letters} deleted.`,
    act: async (letters, stores) => {
      await (await acts()).purgeLetters(letters, stores);
      return [];
    },
  },
};

const SHOWN = 10;

export const defineChange = (command: Command, change: Change): void => {
  command.description(change.description).argument('[ID]', 'one letter; else those of the flags');
  filterFlags(command, 'at most so many, the newest')
    .option('--dry-run', 'show which letters are meant and change nothing')
    .option('--yes', 'do not ask');
  placeFlags(jsonFlag(command)).action((id: string | undefined, options: Options) =>
    run(change, command.name(), id, options),
  );
};

const run = async (change: Change, name: string, id: string | undefined, options: Options): Promise<void> => {
  const { withLetters } = await acts();
  await withLetters(await settingsOf(options), async (stores) => {
    const letters = await chosenLetters(id, options, change.statuses, stores);
    const isQuiet = options.json === true;
    if (!isQuiet) show(letters);
    if (letters.length === 0 || options.dryRun === true) {
      if (isQuiet) return printJson({ letters: letters.map((letter) => letter.id), changed: 0, left: [] });
      if (letters.length > 0) print('\nDry run: nothing was changed.');
      return;
    }
    const words = counted(letters.length, 'letter');
    if (options.yes !== true && !(await agreed(change.question(words), name))) {
      throw new StreamError('REFUSED', 'Nothing was changed.');
    }
    const left = await change.act(letters, stores);
    if (left.length > 0) process.exitCode = 1;
    const changed = letters.length - left.length;
    if (isQuiet) return printJson({ letters: letters.map((letter) => letter.id), changed, left });
    for (const { id: other, reason } of left) note(`${escaped(other)} stays: ${escaped(reason)}`);
    print(`\n${colours.green('✓')} ${change.done(counted(changed, 'letter'))}`);
    printNext('./stream-manager.sh dlq');
  });
};

const show = (letters: readonly Letter[]): void => {
  print(letters.length === 0 ? 'No such dead letters.' : letterTable(letters.slice(0, SHOWN)));
  if (letters.length > SHOWN) print(`and ${counted(letters.length - SHOWN, 'letter')} more`);
};

const agreed = (question: string, name: string): Promise<boolean> =>
  confirm(`\n${question}`, {
    message: 'Without a terminal nobody can be asked.',
    next: `Say so: ./stream-manager.sh dlq ${name} ... --yes`,
  });
