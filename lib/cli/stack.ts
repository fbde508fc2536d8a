import type { EnvironmentName } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import type { ConnectPlaces } from '../local/connect-places.ts';
import type { EngineName } from '../local/engine.ts';
import type { BrokerCount, Extra } from '../local/services/service.ts';
import type { Stack } from '../local/stack.ts';
import type { Settings } from '../settings.ts';

/** Flags that say which stack a command is about. */
export interface StackChoice {
  readonly dataDir?: string;
  /** An environment in AWS, of the commands that take one. */
  readonly env?: EnvironmentName;
}

/** Flags of the commands that bring a stack up. */
export interface StartChoice extends StackChoice {
  readonly engine?: EngineName;
  readonly portOffset?: number;
  /** Optional services to start, and those to start no longer. */
  readonly extras?: readonly Extra[] | undefined;
  readonly without?: readonly Extra[] | undefined;
  readonly brokers?: BrokerCount | undefined;
}

/** The stack a command is about. */
export const stackOf = async (choice: StartChoice): Promise<Stack> => {
  const { dataDir, engine, portOffset, extras, without, brokers } = choice;
  // Loaded once it is needed: help and wrong calls are told at once.
  const { openStack } = await import('../local/stack.ts');
  return openStack({ dataDir, engine, portOffset, extras, without, brokers });
};

/**
 * The stack a command acts on: it runs, and what answers at its ports is this stack.
 *
 * @throws StreamError REFUSED
 */
export const runningStackOf = async (choice: StackChoice): Promise<Stack> => {
  const stack = await stackOf(choice);
  await stack.requireRunning();
  return stack;
};

/**
 * Where the components of the chosen stack, or environment, are.
 *
 * @throws StreamError USAGE where both are chosen, REFUSED for a stack that is not running, and what stands in the way of
 * an environment
 */
export const settingsOf = async (choice: StackChoice): Promise<Settings> => {
  const { env, dataDir } = choice;
  if (env === undefined) return (await runningStackOf(choice)).settings;
  if (dataDir !== undefined) throw new StreamError('USAGE', '--env and --data-dir say different things: take one.');
  const { deployedSettings } = await import('../operations/deployed-settings.ts');
  const { settings, region } = await deployedSettings(env);
  // It may come from a profile; what signs for Kafka and the cache asks the environment.
  process.env.AWS_REGION = region;
  return settings;
};

/** The variables that name servers which are not run by this command line. */
const NAMED_BY = {
  connectUrl: 'QR_CONNECT_URL',
  databaseUrl: 'QR_DATABASE_URL',
  searchUrl: 'QR_SEARCH_URL',
} as const satisfies Record<keyof ConnectPlaces, string>;

/** The server that a variable names, unless a stack is named by `--data-dir`: a flag counts for more than what a shell exports. */
export const namedServer = (
  which: keyof ConnectPlaces,
  { dataDir }: StackChoice,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined => (dataDir === undefined ? env[NAMED_BY[which]] : undefined);

/**
 * Where Kafka Connect, the database and the search server of the chosen stack are; `QR_CONNECT_URL`, `QR_DATABASE_URL` and
 * `QR_SEARCH_URL` name others, for what is not run by this command line.
 *
 * @param needed those the command speaks to: the stack must run unless each of them is named by its variable
 * @throws StreamError REFUSED for a stack that is not running
 */
export const connectPlacesOf = async (
  choice: StackChoice,
  ...needed: readonly (keyof ConnectPlaces)[]
): Promise<ConnectPlaces> => {
  const { connectPlaces } = await import('../local/connect-places.ts');
  const isOwn = needed.some((which) => namedServer(which, choice) === undefined);
  const { ports } = isOwn ? await runningStackOf(choice) : await stackOf(choice);
  const places = connectPlaces(ports);
  return {
    connectUrl: namedServer('connectUrl', choice) ?? places.connectUrl,
    databaseUrl: namedServer('databaseUrl', choice) ?? places.databaseUrl,
    searchUrl: namedServer('searchUrl', choice) ?? places.searchUrl,
  };
};

/**
 * Address of the functions host of the chosen stack.
 *
 * @throws StreamError USAGE for an environment in AWS, which has none
 */
export const functionsUrlOf = async (choice: StackChoice): Promise<string> => {
  if (choice.env !== undefined) {
    throw new StreamError('USAGE', 'Only a mapping of the local stack can be paused from here.', {
      next: 'In AWS: aws lambda update-event-source-mapping --no-enabled --uuid ID; the Parameter Store has the ids',
    });
  }
  return (await runningStackOf(choice)).functionsUrl;
};
