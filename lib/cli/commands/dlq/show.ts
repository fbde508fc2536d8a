import type { Command } from 'commander';
import type { ShownLetter } from '../../../operations/dead-letters/index.ts';
import { escaped } from '../../escape.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { recordText } from '../../record-text.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { stateOf } from '../../states.ts';
import { table } from '../../table.ts';
import { print, printJson, printNext } from '../../terminal.ts';
import { historyTable } from './history.ts';

export const define = (command: Command): void => {
  command.description('one dead letter with its record').argument('<ID>', 'the letter, e.g. analytics-events-7-42');
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (id: string, options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const { requireLetter, showLetter, withLetters } = await import('../../../operations/dead-letters/index.ts');
  const { valueDecoder } = await import('../../../operations/values/decoder.ts');
  const settings = await settingsOf(options);
  const shown = await withLetters(settings, async (stores) =>
    showLetter(await requireLetter(stores.redis, id), stores, valueDecoder(settings)),
  );
  if (options.json === true) return printJson(shown);
  print(table(['', ''], rowsOf(shown)).trimStart());
  const { topic, partition, offset, firstFailure, record, unpatched, history } = shown;
  const place = { topic, partition, offset, timestamp: `failed first ${firstFailure}` };
  print();
  print(record === null ? 'The original is gone.' : recordText({ ...place, ...record }));
  if (unpatched !== undefined) print(`\nBefore its payload was replaced:\n${recordText({ ...place, ...unpatched })}`);
  if (history.length > 0) print(`\n${historyTable(history)}`);
  printNext(
    ...(shown.redrivable && shown.status !== 'done' ? [`./stream-manager.sh dlq redrive ${id}`] : []),
    './stream-manager.sh dlq list',
  );
};

const rowsOf = (letter: ShownLetter): [string, string][] => [
  ['Letter', escaped(letter.id)],
  ['Status', stateOf(letter.status)],
  ['Reason', `${escaped(letter.code)} (${letter.errorClass})`],
  ['Message', escaped(letter.message)],
  ['Consumer', escaped(letter.consumer)],
  ['Told by', letter.shape],
  ['Tries', `${letter.attempts}, dead-lettered ${letter.times === 1 ? 'once' : `${letter.times} times`}`],
  ['First failure', letter.firstFailure],
  ['Last failure', letter.lastFailure],
  ['Put back', letter.redriveCount === 0 ? 'never' : `${letter.redriveCount} times`],
  ...(letter.why === undefined ? [] : [['Why', escaped(letter.why)] satisfies [string, string]]),
  ...(letter.correlationId === undefined
    ? []
    : [['Correlation', escaped(letter.correlationId)] satisfies [string, string]]),
  ...(letter.puttingBack === undefined
    ? []
    : [
        [
          'Under way',
          `put back by ${escaped(letter.puttingBack.by)} since ${new Date(letter.puttingBack.at).toISOString()}; if that was cut off, redrive it again`,
        ] satisfies [string, string],
      ]),
  ...(letter.nextRetryAt === undefined ? [] : [['Next try', letter.nextRetryAt] satisfies [string, string]]),
];
