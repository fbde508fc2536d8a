import type { Command } from 'commander';
import type { Comparison, Counters } from '../../../operations/load/index.ts';
import { amount } from '../../arguments.ts';
import { bytes, number } from '../../format.ts';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { loadBar } from '../../load-bar.ts';
import { connectPlacesOf, type StackChoice, settingsOf } from '../../stack.ts';
import { table } from '../../table.ts';
import { print, printJson, printNext } from '../../terminal.ts';

interface Options extends StackChoice {
  readonly scans: number;
  readonly codes: number;
  readonly minutes: number;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .description('what scans cost the database when they are recorded one by one, and what through the stream')
    .option('--scans <N>', 'scans to record, in both ways', amount(1, 1_000_000), 10_000)
    .option(
      '--codes <N>',
      'codes they are of; a fifth of them gets more than half of the scans',
      amount(1, 100_000),
      1_000,
    )
    .option('--minutes <N>', 'minutes over which they happen', amount(1, 1_440), 10);
  dataDirFlag(jsonFlag(command)).action(run);
};

const run = async (options: Options): Promise<void> => {
  const { compareLoad } = await import('../../../operations/load/index.ts');
  const { databaseUrl } = await connectPlacesOf(options, 'databaseUrl');
  const { scans, codes, minutes } = options;
  const { onLoad, close } = loadBar(scans);
  const settings = await settingsOf(options);
  const found = await compareLoad(settings, databaseUrl, { scans, codes, minutes }, onLoad).finally(close);
  if (options.json === true) return printJson(found);
  print(comparisonTable(found));
  print(
    `\n${number(scans)} scans of ${number(codes)} codes in ${number(minutes)} minutes became ${number(found.rollups)} rollups: a row for each code and minute.`,
  );
  print('Fewer codes or more scans a minute save more; a code that is scanned once a minute still has its row.');
  printNext('./stream-manager.sh connectors load --codes 100', './stream-manager.sh connectors status rollups');
};

const plain = (value: number): string => number(Math.round(value));

/** What is shown, line by line. */
const SHOWN: readonly (readonly [counter: keyof Counters, name: string, text: (value: number) => string])[] = [
  ['statements', 'statements', plain],
  ['transactions', 'transactions', plain],
  ['rows', 'rows written', plain],
  ['walBytes', 'write-ahead log', bytes],
  ['walRecords', 'records of it', plain],
];

const comparisonTable = ({ old, stream, lessPercent }: Comparison): string =>
  table(
    ['POSTGRESQL', 'ONE BY ONE', 'THROUGH THE STREAM', 'LESS'],
    SHOWN.map(([counter, name, text]) => [
      name,
      text(old[counter]),
      text(stream[counter]),
      `${lessPercent[counter]} %`,
    ]),
  );
