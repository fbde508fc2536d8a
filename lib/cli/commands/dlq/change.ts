import type { Command } from 'commander';
import { StreamError } from '../../../errors.ts';
import type { Left, LetterStores } from '../../../operations/dead-letters/index.ts';
import { STATUSES_MEANT } from '../../../operations/dead-letters/meant.ts';
import type { Letter, LetterStatus } from '../../../stores/dead-letters/index.ts';
import { asTyped } from '../../call.ts';
import { escaped } from '../../escape.ts';
import { counted } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { interruptSignal } from '../../interrupt.ts';
import { settingsOf } from '../../stack.ts';
import { colours, confirm, note, print, printJson, printNext } from '../../terminal.ts';
import { chosenLetters, type FilterOptions, filterFlags } from './filter.ts';
import { letterTable } from './list.ts';

/** Flags of every command that changes letters. */
export interface ChangeOptions extends FilterOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

interface Options extends ChangeOptions {
  readonly why?: string;
}

/** A command that does something to letters: shows them first, asks, then acts. */
interface Change {
  readonly description: string;
  /** Which letters are meant unless the flags say otherwise. */
  readonly statuses: readonly LetterStatus[];
  /** Whether it takes `--why`. */
  readonly why: 'needed' | 'taken' | 'none';
  /** For the question: `Park 3 letters?` */
  readonly question: (letters: string) => string;
  readonly done: (letters: string) => string;
  /** @returns those it could not be done to */
  readonly act: (letters: readonly Letter[], stores: LetterStores, why: string | undefined) => Promise<readonly Left[]>;
}

const acts = () => import('../../../operations/dead-letters/index.ts');

const putAwayAs =
  (status: 'parked' | 'discarded'): Change['act'] =>
  async (letters, stores, why) => {
    const { operator, putAway } = await acts();
    return putAway(letters, stores, { status, by: operator(), why });
  };

/** The commands, by name. */
export const CHANGES: Readonly<Record<string, Change>> = {
  park: {
    description: 'let nothing happen to letters by itself; without --status those that are open or retrying',
    statuses: STATUSES_MEANT.park,
    why: 'taken',
    question: (letters) => `Park ${letters}?`,
    done: (letters) => `${letters} parked.`,
    act: putAwayAs('parked'),
  },
  discard: {
    description: 'say that records are not to take effect; without --status those that are open, retrying or parked',
    statuses: STATUSES_MEANT.discard,
    why: 'needed',
    question: (letters) => `Discard ${letters}?`,
    done: (letters) => `${letters} discarded; they are kept until they are purged, or go by age.`,
    act: putAwayAs('discarded'),
  },
  purge: {
    description: 'delete letters and their records for good; without --status those that are done or discarded',
    statuses: STATUSES_MEANT.purge,
    why: 'none',
    question: (letters) => `Delete ${letters} with their records for good?`,
    done: (letters) => `${letters} deleted.`,
    act: async (letters, stores) => {
      await (await acts()).purgeLetters(letters, stores);
      return [];
    },
  },
};

const SHOWN = 10;

/** Arguments and flags by which letters to change are chosen. */
export const changeFlags = (command: Command): Command =>
  filterFlags(command.argument('[ID]', 'one letter; else those of the flags'), 'at most so many, the newest')
    .option('--dry-run', 'show which letters are meant and change nothing')
    .option('--yes', 'do not ask');

export const defineChange = (command: Command, change: Change): void => {
  changeFlags(command.description(change.description));
  if (change.why === 'taken') command.option('--why <TEXT>', 'why; kept with the letters');
  if (change.why === 'needed') command.requiredOption('--why <TEXT>', 'why; kept with the letters');
  placeFlags(jsonFlag(command)).action((id: string | undefined, options: Options) => run(change, id, options));
};

const run = async (change: Change, id: string | undefined, options: Options): Promise<void> => {
  const { withLetters } = await acts();
  await withLetters(await settingsOf(options), async (stores) => {
    const letters = await chosenLetters(id, options, change.statuses, stores);
    const isQuiet = options.json === true;
    if (!isQuiet) showChosen(letters);
    if (letters.length === 0 || options.dryRun === true) {
      if (isQuiet) return printJson({ letters: letters.map((letter) => letter.id), changed: 0, left: [] });
      if (letters.length > 0) noteDryRun();
      return;
    }
    if (options.yes !== true) await requireYes(change.question(counted(letters.length, 'letter')));
    // From here on Ctrl-C waits: a letter whose retry is cancelled and that is not put away would wait for ever.
    interruptSignal();
    const left = await change.act(letters, stores, options.why);
    if (left.length > 0) process.exitCode = 1;
    const changed = letters.length - left.length;
    if (isQuiet) return printJson({ letters: letters.map((letter) => letter.id), changed, left });
    noteLeft(left);
    print(`\n${colours.green('✓')} ${change.done(counted(changed, 'letter'))}`);
    printNext('./stream-manager.sh dlq');
  });
};

/** Says that nothing was done, and how it is. */
export const noteDryRun = (): void => {
  print('\nDry run: nothing was changed.');
  printNext(asTyped({ without: ['--dry-run'] }));
};

export const showChosen = (letters: readonly Letter[]): void => {
  print(letters.length === 0 ? 'No such dead letters.' : letterTable(letters.slice(0, SHOWN)));
  if (letters.length > SHOWN) print(`and ${counted(letters.length - SHOWN, 'letter')} more`);
};

/** Names the letters that stay as they are. */
export const noteLeft = (left: readonly Left[]): void => {
  for (const { id, reason } of left.slice(0, SHOWN)) note(`${escaped(id)} stays: ${escaped(reason)}`);
  if (left.length > SHOWN) note(`and ${counted(left.length - SHOWN, 'letter')} more`);
};

/** @throws StreamError REFUSED unless the answer is yes */
export const requireYes = async (question: string): Promise<void> => {
  const agreed = await confirm(`\n${question}`, {
    message: 'Without a terminal nobody can be asked.',
  });
  if (!agreed) throw new StreamError('REFUSED', 'Nothing was changed.');
};
