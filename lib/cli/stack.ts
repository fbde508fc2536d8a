import type { EngineName } from '../local/engine.ts';
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
}

/** The stack a command is about. */
export const stackOf = async ({ dataDir, engine, portOffset }: StartChoice): Promise<Stack> => {
  // Loaded once it is needed: help and wrong calls are told at once.
  const { openStack } = await import('../local/stack.ts');
  return openStack({ dataDir, engine, portOffset });
};

/** Where the components of the chosen stack are. */
export const settingsOf = async (choice: StackChoice): Promise<Settings> => (await stackOf(choice)).settings;

/** Address of the functions host of the chosen stack. */
export const functionsUrlOf = async (choice: StackChoice): Promise<string> => (await stackOf(choice)).functionsUrl;
