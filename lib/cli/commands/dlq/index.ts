import type { Command } from 'commander';
import { LETTER_STATUSES } from '../../../stores/dead-letters/index.ts';
import { escaped } from '../../escape.ts';
import { number } from '../../format.ts';
import { examples, jsonFlag, placeFlags } from '../../help.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { right, table } from '../../table.ts';
import { print, printJson, printNext } from '../../terminal.ts';
import { CHANGES, defineChange } from './change.ts';
import { define as defineExport } from './export.ts';
import { define as defineList } from './list.ts';
import { define as defineRecover } from './recover.ts';
import { define as defineRedrive } from './redrive.ts';
import { define as defineShow } from './show.ts';

export const define = (command: Command): void => {
  // What stands after a subcommand is the subcommand's.
  command.enablePositionalOptions();
  placeFlags(jsonFlag(command)).action(run);
  defineList(command.command('list'));
  defineShow(command.command('show'));
  defineRedrive(command.command('redrive'));
  for (const [name, change] of Object.entries(CHANGES)) defineChange(command.command(name), change);
  defineExport(command.command('export'));
  defineRecover(command.command('recover'));
  examples(command, {
    dlq: 'how many letters there are, by topic and reason',
    'dlq list --topic payment-events --since 2h': 'what failed there in the last two hours, and an example of each',
    'dlq list --letters --reason INVALID_EVENT': 'each letter by itself',
    'dlq show payment-events-1-42': 'one letter: its record, decoded, and why it failed',
    'dlq redrive --reason RULE_VIOLATED --limit 100 --dry-run': 'which would be put back',
    'dlq redrive --rate 50': 'put back what is open or parked, 50 a second; cut off, the same command goes on',
    'dlq redrive payment-events-1-42 --patch fixed.json':
      'put it back with another payload, checked against its schema',
    'dlq discard payment-events-1-42 --why "a test order"': 'it is not to take effect, and everybody sees why',
    'dlq export letters.jsonl --since 7d': 'letters with their records, for other tools',
  });
};

const run = async (options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const { findLetters, summarise, withLetters } = await import('../../../operations/dead-letters/index.ts');
  const groups = await withLetters(await settingsOf(options), async ({ redis }) =>
    summarise(await findLetters(redis, {})),
  );
  if (options.json === true) return printJson(groups);
  if (groups.length === 0) return print('No dead letters.');
  print(
    table(
      [
        'TOPIC',
        'REASON',
        right('OPEN'),
        right('RETRYING'),
        right('REDRIVEN'),
        right('PARKED'),
        right('DISCARDED'),
        right('DONE'),
        'LAST FAILURE',
      ],
      groups.map(({ topic, code, counts, lastFailure }) => [
        escaped(topic),
        escaped(code),
        ...LETTER_STATUSES.map((status) => number(counts[status])),
        lastFailure,
      ]),
    ),
  );
  printNext(`./stream-manager.sh dlq list --topic ${groups[0]?.topic}`);
};
