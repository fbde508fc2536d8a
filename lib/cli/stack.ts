import type { ConnectPlaces } from '../local/connect-places.ts';
import type { EngineName } from '../local/engine.ts';
import type { Extra } from '../local/services/service.ts';
import type { Stack } from '../local/stack.ts';
import type { Settings } from '../settings.ts';

/** Flags that say which stack a command is about. */
export interface StackChoice {
  readonly dataDir?: string;
}

/** Flags of the commands that bring a stack up. */
export interface StartChoice extends StackChoice {
  readonly engine?: EngineName;
  readonly portOffset?: number;
  /** Optional services to start, and those to start no longer. */
  readonly extras?: readonly Extra[] | undefined;
  readonly without?: readonly Extra[] | undefined;
}

/** The stack a command is about. */
export const stackOf = async ({ dataDir, engine, portOffset, extras, without }: StartChoice): Promise<Stack> => {
  // Loaded once it is needed: help and wrong calls are told at once.
  const { openStack } = await import('../local/stack.ts');
  return openStack({ dataDir, engine, portOffset, extras, without });
};

/** Where the components of the chosen stack are. */
export const settingsOf = async (choice: StackChoice): Promise<Settings> => (await stackOf(choice)).settings;

/**
 * Where Kafka Connect and the database of the chosen stack are; `QR_CONNECT_URL` and `QR_DATABASE_URL` name others, for
 * what is not run by this command line.
 */
export const connectPlacesOf = async (choice: StackChoice, env = process.env): Promise<ConnectPlaces> => {
  const { connectPlaces } = await import('../local/connect-places.ts');
  const places = connectPlaces((await stackOf(choice)).ports);
  return {
    connectUrl: env.QR_CONNECT_URL ?? places.connectUrl,
    databaseUrl: env.QR_DATABASE_URL ?? places.databaseUrl,
  };
};

/** Address of the functions host of the chosen stack. */
export const functionsUrlOf = async (choice: StackChoice): Promise<string> => (await stackOf(choice)).functionsUrl;
