import type { Command } from 'commander';
import type { Summary, TopicState } from '../../operations/simulation/index.ts';
import { decimal, integer } from '../arguments.ts';
import { broughtUp } from '../brought-up.ts';
import { counted, duration, number } from '../format.ts';
import { examples, jsonFlag } from '../help.ts';
import { interruptSignal } from '../interrupt.ts';
import { liveText } from '../live-text.ts';
import type { StartChoice } from '../stack.ts';
import { right, table } from '../table.ts';
import { colours, note, print, printJson, printNext } from '../terminal.ts';
import { startFlags } from './start.ts';

interface Options extends StartChoice {
  readonly rate: number;
  readonly minutes: number;
  readonly seed: number;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .option('--rate <N>', 'events a second, on the mean', integer(1, 20_000), 500)
    .option('--minutes <N>', 'how long to publish, e.g. 0.5', decimal(0.01, 1_440), 1)
    .option('--seed <N>', 'another number makes another day', integer(0, 2 ** 31 - 1), 1);
  startFlags(jsonFlag(command)).action(run);
  examples(command, {
    simulate: 'a minute at 500 events a second',
    'simulate --rate 50 --minutes 10': 'a quiet day, for a look at the groups meanwhile',
    'simulate --rate 300 --minutes 1 --json': 'the account of every record as one line of JSON',
  });
};

const run = async (options: Options): Promise<void> => {
  const { simulate } = await import('../../operations/simulation/index.ts');
  const { settings, functionsUrl } = await broughtUp(options);
  const { rate, minutes, seed } = options;
  const total = Math.round(rate * minutes * 60);
  note(`Publishing ${counted(total, 'event')} over ${duration(minutes * 60_000)} ...`);
  const live = liveText();
  try {
    const summary = await simulate(settings, {
      rate,
      seconds: minutes * 60,
      seed,
      signal: interruptSignal(),
      functionsUrl,
      onState: (states, elapsedMs) =>
        live.show(
          () => stateTable(states(), elapsedMs),
          () => progressLine(states(), elapsedMs),
        ),
    });
    live.close();
    report(summary, options);
  } finally {
    live.close();
  }
};

const COLUMNS = ['TOPIC', ...['PUBLISHED', 'A SECOND', 'LAG', 'DEAD', 'ERRORS', 'P50', 'P99'].map(right)];

/** A table of the topics as they are now. */
const stateTable = (states: readonly TopicState[], elapsedMs: number): string =>
  table(
    COLUMNS,
    states.map(({ topic, published, committed, lag, deadLettered, invokeErrors, latency }) => [
      topic,
      number(published),
      number(Math.round(committed / Math.max(1, elapsedMs / 1_000))),
      Number.isFinite(lag) ? number(lag) : '-',
      deadLettered === 0 ? '-' : colours.yellow(number(deadLettered)),
      invokeErrors === 0 ? '-' : colours.red(number(invokeErrors)),
      latency === undefined ? '-' : duration(latency.p50),
      latency === undefined ? '-' : duration(latency.p99),
    ]),
  );

/** The same in one line, where there is no terminal. */
const progressLine = (states: readonly TopicState[], elapsedMs: number): string => {
  const sum = (of: (state: TopicState) => number): number => states.reduce((total, state) => total + of(state), 0);
  const lag = sum((state) => state.lag);
  return `  ${duration(Math.round(elapsedMs / 1_000) * 1_000)}: ${number(sum(({ published }) => published))} published, lag ${Number.isFinite(lag) ? number(lag) : '-'}, ${number(sum(({ deadLettered }) => deadLettered))} dead`;
};

const report = (summary: Summary, { json }: Options): void => {
  const { published, processed, deadLettered, unexplained, lag, seconds, eventsPerSecond, latency } = summary;
  const isWhole = unexplained === 0 && lag === 0;
  if (!isWhole) process.exitCode = 1;
  if (json === true) {
    printJson(summary);
    return;
  }
  print(stateTable(summary.topics, seconds * 1_000));
  print();
  print(
    `${isWhole ? colours.green('✓') : colours.red('✗')} ${number(published)} published = ${number(processed)} processed + ${number(deadLettered)} dead-lettered + ${number(unexplained)} unexplained`,
  );
  print(
    `  ${number(eventsPerSecond)} events a second, all worked after ${duration(Math.round(seconds * 10) * 100)}; lag ${number(lag)}`,
  );
  if (latency !== undefined) {
    print(
      `  publish to commit: half within ${duration(latency.p50)}, 99 % within ${duration(latency.p99)}, all within ${duration(latency.max)}`,
    );
  }
  if (summary.invokeErrors > 0) print(`  ${counted(summary.invokeErrors, 'invocation')} failed and came again`);
  for (const position of summary.unexplainedAt) print(`  unexplained: ${position}`);
  if (summary.reasons.length > 0) {
    print();
    print(table(['DEAD LETTERS OF', 'CODE', right('COUNT'), 'E.G.'], summary.reasons.map(reasonRow)));
  }
  printNext('./stream-manager.sh groups', './stream-manager.sh consume dead-letter-queue from-beginning --max 5');
};

const EXAMPLE_CHARACTERS = 90;

const reasonRow = ({ topic, code, count, example }: Summary['reasons'][number]): string[] => [
  topic,
  code,
  number(count),
  example.length > EXAMPLE_CHARACTERS ? `${example.slice(0, EXAMPLE_CHARACTERS)}…` : example,
];
