import { type Compared, type Measurement, measureCapacity } from '../operations/capacity/measure/index.ts';
import { ANALYTICS_WINDOWS } from './analytics-windows.ts';
import { bytes, counted, duration, number } from './format.ts';
import { interruptSignal } from './interrupt.ts';
import { liveText } from './live-text.ts';
import { type StackChoice, settingsOf } from './stack.ts';
import { right, table } from './table.ts';
import { colours, note, print, printJson, printNext } from './terminal.ts';

interface Options extends Pick<StackChoice, 'dataDir'> {
  readonly events: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** A prediction within so many percent is good enough to plan with. */
const CLOSE_PERCENT = 20;

const WIDTH = 24;

/** Plays a load on the local stack, and says how far the prediction of its memory is off; exit code 1 beyond 20 %. */
export const measured = async ({ dataDir, events, seed, json }: Options): Promise<void> => {
  const settings = await settingsOf(dataDir === undefined ? {} : { dataDir });
  note(`Publishing ${counted(events, 'event')} as fast as they are processed ...`);
  const live = liveText();
  let found: Measurement;
  try {
    found = await measureCapacity(settings, {
      events,
      seed,
      windows: ANALYTICS_WINDOWS,
      signal: interruptSignal(),
      onState: (published, lag) => {
        const line = (): string =>
          `  ${number(published)} of ${number(events)} published, ${number(lag)} not processed yet`;
        live.show(() => `  ${bar(published / events)} ${line().trim()}`, line);
      },
    });
  } finally {
    live.close();
  }
  if (!isClose(found)) process.exitCode = 1;
  if (json === true) {
    printJson(found);
    return;
  }
  for (const line of measuredText(found)) print(line);
  printNext('./stream-manager.sh capacity --events-per-day 1e9', './stream-manager.sh redis memory');
};

const bar = (part: number): string => '█'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '░');

const isClose = ({ used }: Measurement): boolean => Math.abs(used.differencePercent ?? 100) <= CLOSE_PERCENT;

const percent = (value: number | null): string => {
  if (value === null) return '-';
  const text = `${value > 0 ? '+' : ''}${Math.round(value)} %`;
  return Math.abs(value) > CLOSE_PERCENT ? colours.yellow(text) : text;
};

const row = (name: string, { predicted, measured: found, differencePercent }: Compared): string[] => [
  name,
  number(Math.round(predicted.keys)),
  number(found.keys),
  bytes(Math.round(predicted.bytes)),
  bytes(Math.max(0, Math.round(found.bytes))),
  percent(differencePercent),
];

/** The comparison, group by group. */
export const measuredText = (found: Measurement): readonly string[] => {
  const { events, scans, codes, users, seconds, records, groups, total, used, perRecord, unknown } = found;
  const all = Object.values(records).reduce((sum, count) => sum + count, 0);
  const mark = isClose(found) ? colours.green('✓') : colours.red('✗');
  return [
    `${counted(events, 'event')} in ${duration(Math.round(seconds) * 1_000)}: ${number(all)} records, ${number(scans)} scans of ${number(codes)} codes of ${number(users)} users.`,
    '',
    table(
      ['KEYS', ...['PREDICTED', 'FOUND', 'PREDICTED', 'FOUND', 'DIFFERENCE'].map(right)],
      [...groups.map((one) => row(one.group, one)), row('All keys', total)],
    ),
    '',
    `${mark} Predicted ${bytes(Math.round(total.predicted.bytes))}; Redis ${found.redisVersion} uses ${bytes(Math.round(used.bytes))} more than before: ${percent(used.differencePercent)}.`,
    `  For each record ${perRecord.commands.toFixed(1)} commands and ${Math.round(perRecord.cpuMicros)} µs of a processor of Redis.`,
    ...(unknown.length === 0
      ? []
      : [
          `  ${colours.yellow(counted(unknown.length, 'key'))} of no known kind, such as ${unknown.slice(0, 3).join(', ')}.`,
        ]),
  ];
};
