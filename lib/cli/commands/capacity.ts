import type { Command } from 'commander';
import { ENVIRONMENT_NAMES, type EnvironmentName, environment } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import { capacityOf, readMix } from '../../operations/capacity/index.ts';
import { ANALYTICS_WINDOWS } from '../analytics-windows.ts';
import { amount, decimal, integer, oneOf } from '../arguments.ts';
import { capacityText } from '../capacity-text.ts';
import { dataDirFlag, examples, jsonFlag } from '../help.ts';
import type { StackChoice } from '../stack.ts';
import { print, printJson, printNext } from '../terminal.ts';

interface Options extends Pick<StackChoice, 'dataDir'> {
  readonly eventsPerDay?: number;
  readonly mix?: string;
  readonly codes?: number;
  readonly users?: number;
  readonly peak: number;
  readonly env: EnvironmentName;
  readonly measure?: boolean;
  readonly events: number;
  readonly seed: number;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .option('--events-per-day <N>', 'records on all topics, follow-ups included, e.g. 1e8', amount(1, 1e12))
    .option('--codes <N>', 'codes that are scanned (default: one for every 100 scans a day)', amount(1, 1e12))
    .option('--users <N>', 'users whose codes they are (default: one for every 20 codes)', amount(1, 1e12))
    .option('--mix <FILE>', 'JSON or YAML: topics and their shares of a hundred; or: simulated (default: mostly scans)')
    .option('--peak <N>', 'the busiest second, in times of the mean', decimal(1, 1_000), 5)
    .option('--env <NAME>', `whose limits: ${ENVIRONMENT_NAMES.join(', ')}`, oneOf(ENVIRONMENT_NAMES), 'prod')
    .option('--measure', 'instead: play a load on the local stack, and compare the memory it takes with the prediction')
    .option(
      '--events <N>',
      'with --measure: events to publish; 20,000 take two minutes',
      integer(100, 2_000_000),
      20_000,
    )
    .option('--seed <N>', 'with --measure: another number makes another load', integer(0, 2 ** 31 - 1), 1);
  dataDirFlag(jsonFlag(command)).action(run);
  examples(command, {
    'capacity --events-per-day 1e6': 'what a million records a day need and cost in prod',
    'capacity --events-per-day 1e9 --codes 1e6 --peak 3 --env staging': 'where staging would give out',
    'capacity --events-per-day 1e8 --mix mix.json --json': 'with shares of your own, as one line of JSON',
    'capacity --measure --events 200000': 'is the cache as large as predicted? Ten minutes or so',
  });
};

const run = async (options: Options): Promise<void> => {
  if (options.measure === true) return measure(options);
  const { eventsPerDay, mix, codes, users, peak, env, json } = options;
  if (eventsPerDay === undefined) {
    throw new StreamError('USAGE', 'How much is it about? Say --events-per-day N.', {
      next: './stream-manager.sh capacity --events-per-day 1e6',
    });
  }
  const shares = mix === undefined ? undefined : await readMix(mix);
  const question = { eventsPerDay, mix: shares, codes, users, peak, windows: ANALYTICS_WINDOWS };
  const capacity = capacityOf({ environment: environment(env), ...question });
  if (json === true) {
    printJson(capacity);
    return;
  }
  for (const line of capacityText(capacity, peak)) print(line);
  printNext(
    './stream-manager.sh capacity --events-per-day 1e9 --json',
    './stream-manager.sh capacity --measure    holds the memory to a load on the local stack',
  );
};

/** Loaded when it is asked for: it speaks to a stack. */
const measure = async (options: Options): Promise<void> => {
  const { measured } = await import('../measured.ts');
  return measured(options);
};
