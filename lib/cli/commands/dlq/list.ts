import type { Command } from 'commander';
import type { Letter, LetterStatus } from '../../../stores/dead-letters/index.ts';
import { escaped } from '../../escape.ts';
import { counted, number } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { settingsOf } from '../../stack.ts';
import { stateOf } from '../../states.ts';
import { table } from '../../table.ts';
import { note, print, printJson, printNext } from '../../terminal.ts';
import { type FilterOptions, filterFlags, filterOf } from './filter.ts';

/** What somebody may have to do something about. */
const UNDONE: readonly LetterStatus[] = ['open', 'retrying', 'redriven', 'parked'];
const SHOWN = 50;
const REASON_CHARACTERS = 60;

export const define = (command: Command): void => {
  filterFlags(
    command.description('dead letters, newest first; without --status those that are not done'),
    `at most so many (${SHOWN})`,
  );
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (options: FilterOptions & { readonly json?: boolean }): Promise<void> => {
  const { findLetters, withLetters } = await import('../../../operations/dead-letters/index.ts');
  const limit = options.limit ?? SHOWN;
  const found = await withLetters(await settingsOf(options), ({ redis }) =>
    findLetters(redis, filterOf(options, UNDONE), limit + 1),
  );
  const letters = found.slice(0, limit);
  if (options.json === true) return printJson(letters);
  if (letters.length === 0) return print('No dead letters.');
  print(letterTable(letters));
  if (found.length > limit) note(`There are more: only ${counted(limit, 'letter')} shown, see --limit.`);
  printNext(`./stream-manager.sh dlq show ${letters[0]?.id}`);
};

/** Letters in columns. */
export const letterTable = (letters: readonly Letter[]): string =>
  table(
    ['ID', 'STATUS', 'REASON', { head: 'TRIES', align: 'right' }, 'LAST FAILURE', 'MESSAGE'],
    letters.map(({ id, status, code, attempts, lastFailure, message }) => [
      escaped(id),
      stateOf(status),
      escaped(code),
      number(attempts),
      lastFailure,
      escaped(message.length > REASON_CHARACTERS ? `${message.slice(0, REASON_CHARACTERS)}…` : message),
    ]),
  );
