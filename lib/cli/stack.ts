import { type Settings, settingsFrom } from '../settings.ts';

/** Flags that say which stack a command is about. */
export interface StackChoice {
  readonly dataDir?: string;
}

/** Where the components of the chosen stack are. */
export const settingsOf = async (_choice: StackChoice): Promise<Settings> => settingsFrom();

/** Address of the functions host of the chosen stack. */
export const functionsUrlOf = async (_choice: StackChoice): Promise<string> => 'http://127.0.0.1:9001';
