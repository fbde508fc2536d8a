import type { Command } from 'commander';
import type { LetterGroup } from '../../../operations/dead-letters/index.ts';
import { STATUSES_MEANT } from '../../../operations/dead-letters/meant.ts';
import { LETTER_STATUSES, type Letter } from '../../../stores/dead-letters/index.ts';
import { escaped } from '../../escape.ts';
import { counted, number } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { settingsOf } from '../../stack.ts';
import { stateOf } from '../../states.ts';
import { table } from '../../table.ts';
import { note, print, printJson, printNext } from '../../terminal.ts';
import { type FilterOptions, filterFlags, filterOf, noteMeant } from './filter.ts';

interface Options extends FilterOptions {
  readonly letters?: boolean;
  readonly json?: boolean;
}

const SHOWN = 50;
const MESSAGE_CHARACTERS = 60;

export const define = (command: Command): void => {
  filterFlags(
    command.description(
      'dead letters by topic and reason, with an example; without --status those that are neither done nor discarded',
    ),
    `the newest so many (with --letters ${SHOWN})`,
  ).option('--letters', 'each letter by itself, newest first');
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (options: Options): Promise<void> => {
  const { findLetters, summarise, withLetters } = await import('../../../operations/dead-letters/index.ts');
  const isEach = options.letters === true;
  const limit = options.limit ?? (isEach ? SHOWN : Number.POSITIVE_INFINITY);
  const found = await withLetters(await settingsOf(options), ({ redis }) =>
    findLetters(redis, filterOf(options, STATUSES_MEANT.list), limit + 1),
  );
  const letters = found.slice(0, limit);
  if (letters.length === 0) noteMeant(options);
  const groups = summarise(letters);
  if (options.json === true) return printJson(isEach ? letters : groups);
  if (letters.length === 0) return print('No dead letters.');
  print(isEach ? letterTable(letters) : groupTable(groups));
  if (found.length > limit) note(`There are more: only ${counted(limit, 'letter')} looked at, see --limit.`);
  const example = isEach ? letters[0]?.id : groups[0]?.example.id;
  printNext(
    `./stream-manager.sh dlq show ${example}`,
    ...(isEach ? [] : [`./stream-manager.sh dlq list --letters --reason ${groups[0]?.code}`]),
  );
};

const short = (text: string): string =>
  escaped(text.length > MESSAGE_CHARACTERS ? `${text.slice(0, MESSAGE_CHARACTERS)}…` : text);

/** Letters counted, with one of each kind. */
const groupTable = (groups: readonly LetterGroup[]): string =>
  table(
    ['TOPIC', 'REASON', { head: 'LETTERS', align: 'right' }, 'STATUS', 'LAST FAILURE', 'EXAMPLE', 'MESSAGE'],
    groups.map(({ topic, code, total, counts, lastFailure, example }) => [
      escaped(topic),
      escaped(code),
      number(total),
      LETTER_STATUSES.filter((status) => counts[status] > 0)
        .map((status) => `${number(counts[status])} ${stateOf(status)}`)
        .join(', '),
      lastFailure,
      escaped(example.id),
      short(example.message),
    ]),
  );

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
      short(message),
    ]),
  );
