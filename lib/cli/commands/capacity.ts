import type { Command } from 'commander';
import { ENVIRONMENT_NAMES, type EnvironmentName, environment } from '../../catalog/index.ts';
import { capacityOf, DEFAULT_MIX, readMix } from '../../operations/capacity/index.ts';
import { amount, decimal, oneOf } from '../arguments.ts';
import { capacityText } from '../capacity-text.ts';
import { examples, jsonFlag } from '../help.ts';
import { print, printJson, printNext } from '../terminal.ts';

interface Options {
  readonly eventsPerDay: number;
  readonly mix?: string;
  readonly peak: number;
  readonly env: EnvironmentName;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .requiredOption('--events-per-day <N>', 'records on all topics, follow-ups included, e.g. 1e8', amount(1, 1e12))
    .option('--mix <FILE>', 'JSON or YAML: topics and their shares of a hundred (default: as a simulated day has it)')
    .option('--peak <N>', 'the busiest second, in times of the mean', decimal(1, 1_000), 5)
    .option('--env <NAME>', `whose limits: ${ENVIRONMENT_NAMES.join(', ')}`, oneOf(ENVIRONMENT_NAMES), 'prod');
  jsonFlag(command).action(run);
  examples(command, {
    'capacity --events-per-day 1e6': 'what a million records a day need and cost in prod',
    'capacity --events-per-day 1e9 --peak 3 --env staging': 'where staging would give out',
    'capacity --events-per-day 1e8 --mix mix.json --json': 'with shares of your own, as one line of JSON',
  });
};

const run = async ({ eventsPerDay, mix, peak, env, json }: Options): Promise<void> => {
  const shares = mix === undefined ? DEFAULT_MIX : await readMix(mix);
  const capacity = capacityOf({ environment: environment(env), eventsPerDay, mix: shares, peak });
  if (json === true) {
    printJson(capacity);
    return;
  }
  for (const line of capacityText(capacity, peak)) print(line);
  printNext(
    './stream-manager.sh capacity --events-per-day 1e9 --json',
    './stream-manager.sh simulate --rate 500    the same mix, played on a local stack',
  );
};
