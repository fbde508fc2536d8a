import { type EnvironmentName, environment as environmentOf } from '../../catalog/index.ts';
import { caller } from '../../deploy/account.ts';
import { assemblyFolder, cdk, type SynthesisedStack, synthesise } from '../../deploy/cdk.ts';
import { placeholdersOf, requireFilledIn } from '../../deploy/placeholders.ts';
import { deployedState, requireHarmless, requireUnprotected, verdictOn } from '../../deploy/plan.ts';
import { whatStays } from '../../deploy/what-stays.ts';
import { table } from '../table.ts';
import { note, noteColours, print, printNext } from '../terminal.ts';
import type { Confirmation } from './confirmation.ts';

export interface Action {
  readonly summary: string;
  /** Whether a person has to type the environment's name. */
  readonly asks: (environment: EnvironmentName) => boolean;
  readonly run: (environment: EnvironmentName, confirmation: Confirmation) => Promise<void>;
}

const isTerminal = (): boolean => process.stdin.isTTY === true;

/** Says where to, writes the templates, and compares them with what is deployed. */
const prepared = async (environment: EnvironmentName): Promise<readonly SynthesisedStack[]> => {
  const { account, region, who } = await caller();
  note(`${environment} in account ${account}, region ${region}, as ${who}`);
  return synthesise(environment);
};

const say = (kind: 'refused' | 'warning', line: string): void =>
  note(`${kind === 'refused' ? noteColours.red('✗') : noteColours.yellow('!')} ${line}`);

const checked = async (environment: EnvironmentName, stacks: readonly SynthesisedStack[]): Promise<void> => {
  const placeholders = placeholdersOf(environmentOf(environment));
  for (const { name, value, kind, text } of placeholders) say(kind, `${name} is the placeholder ${value}: ${text}`);
  requireFilledIn(placeholders);
  const verdict = await verdictOn(environment, stacks, deployedState(environment));
  for (const { topic, kind, text } of verdict.topics) say(kind, `${topic}: ${text}`);
  for (const connector of verdict.connectors) {
    say(
      'refused',
      `${connector}: its plugin, worker, network or role would change, which takes a new connector of that name.`,
    );
  }
  requireHarmless(verdict);
};

/** What can be done to an environment. */
export const ACTIONS: Readonly<Record<'diff' | 'deploy' | 'destroy', Action>> = {
  diff: {
    summary: 'shows what a deployment would change, and whether it would be refused',
    asks: () => false,
    run: async (environment) => {
      const stacks = await prepared(environment);
      await cdk(['diff', '--all', '--app', assemblyFolder(environment)]);
      await checked(environment, stacks);
      printNext(`npm run aws:deploy -- ${environment}`);
    },
  },
  deploy: {
    summary: 'deploys all stacks of an environment, after the checks',
    asks: (environment) => environment === 'prod',
    run: async (environment, confirmation) => {
      const stacks = await prepared(environment);
      await checked(environment, stacks);
      await confirmation(`Type ${environment} to deploy it:`);
      // CDK shows new rights and asks, where there is somebody to ask.
      const approval = isTerminal() ? 'broadening' : 'never';
      await cdk(['deploy', '--all', '--app', assemblyFolder(environment), '--require-approval', approval]);
      printNext(`npm run aws:diff -- ${environment}`);
    },
  },
  destroy: {
    summary: 'deletes all stacks of an environment; data stay, and are listed',
    asks: () => true,
    run: async (environment, confirmation) => {
      const stacks = await prepared(environment);
      await requireUnprotected(stacks, deployedState(environment));
      const staying = whatStays(stacks.map(({ template }) => template));
      print('These stay, with their data, and go on costing:');
      print(
        table(
          ['RESOURCE', { head: 'NUMBER', align: 'right' }],
          staying.map(({ type, count }) => [type, String(count)]),
        ),
      );
      await confirmation(`Type ${environment} to delete its ${stacks.length} stacks:`);
      await cdk(['destroy', '--all', '--force', '--app', assemblyFolder(environment)]);
      note(
        'Cluster, cache and schema registry keep their names: delete them, or import them, before the environment is deployed again.',
      );
    },
  },
};
