import { parseArgs } from 'node:util';
import { StreamError } from '../../../lib/errors.ts';
import { FAULTS, type Fault } from './faults/index.ts';

/** What a campaign is asked for on the command line. */
export interface Choices {
  readonly runs: number;
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly json: boolean;
  readonly list: boolean;
}

export const USAGE = `npm run test:faults -- [--runs N] [--seed N] [--only CLASS[,CLASS]] [--json] [--list]

  --runs N      how many runs, spread over the classes of faults (default: one of each class)
  --seed N      the seed of the first run; the next one has the next number (default: by the clock)
  --only CLASS  only these classes, comma separated
  --json        the figures as JSON on standard output
  --list        the classes and what they do; runs nothing`;

const number = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new StreamError('USAGE', `--${name} takes a whole number, not "${text}".`);
};

const named = (name: string): Fault => {
  const found = FAULTS.find((fault) => fault.name === name);
  if (found !== undefined) return found;
  throw new StreamError('USAGE', `There is no class of faults ${name}.`, { next: 'See them all: --list' });
};

/** @throws StreamError USAGE */
export const choicesFrom = (args: readonly string[]): Choices => {
  const { values } = parsed(args);
  const faults = values.only === undefined ? FAULTS : values.only.split(',').map(named);
  return {
    runs: number('runs', values.runs) ?? faults.length,
    seed: number('seed', values.seed) ?? Date.now() % 1_000_000,
    faults,
    json: values.json === true,
    list: values.list === true,
  };
};

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string' },
        seed: { type: 'string' },
        only: { type: 'string' },
        json: { type: 'boolean' },
        list: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new StreamError('USAGE', error instanceof Error ? error.message : String(error), { next: USAGE });
  }
};
