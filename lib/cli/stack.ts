import type { EnvironmentName } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import type { ConnectPlaces } from '../local/connect-places.ts';
import type { EngineName } from '../local/engine.ts';
import type { BrokerCount, Extra } from '../local/services/service.ts';
import type { Stack } from '../local/stack.ts';
import type { Settings } from '../settings.ts';
import { choose } from './environment.ts';

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

/** A hint that is good for the chosen stack; `printNext` adds an environment by itself. */
export const hintOn = ({ dataDir }: StackChoice, line: string): string => {
  const [call = '', comment] = line.split(/ {3}(?=\()/);
  const placed = dataDir === undefined ? call : `${call} --data-dir ${dataDir}`;
  return comment === undefined ? placed : `${placed}   ${comment}`;
};

/**
 * Where the components of the chosen stack, or environment, are.
 *
 * @throws StreamError USAGE where both are chosen, and what stands in the way of an environment
 */
export const settingsOf = async (choice: StackChoice): Promise<Settings> => {
  const { env, dataDir } = choice;
  if (env === undefined) return (await stackOf(choice)).settings;
  if (dataDir !== undefined) throw new StreamError('USAGE', '--env and --data-dir say different things: take one.');
  const { deployedSettings } = await import('../operations/deployed-settings.ts');
  const { settings, region } = await deployedSettings(env);
  choose(env);
  // It may come from a profile; what signs for Kafka and the cache asks the environment.
  process.env.AWS_REGION = region;
  return settings;
};

/**
 * Where Kafka Connect, the database and the search server of the chosen stack are; `QR_CONNECT_URL`, `QR_DATABASE_URL` and `QR_SEARCH_URL` name others, for
 * what is not run by this command line.
 */
export const connectPlacesOf = async (choice: StackChoice, env = process.env): Promise<ConnectPlaces> => {
  const { connectPlaces } = await import('../local/connect-places.ts');
  const places = connectPlaces((await stackOf(choice)).ports);
  return {
    connectUrl: env.QR_CONNECT_URL ?? places.connectUrl,
    databaseUrl: env.QR_DATABASE_URL ?? places.databaseUrl,
    searchUrl: env.QR_SEARCH_URL ?? places.searchUrl,
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
  return (await stackOf(choice)).functionsUrl;
};
