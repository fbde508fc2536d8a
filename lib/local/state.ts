import { readFile, rm, writeFile } from 'node:fs/promises';
import { ENGINE_NAMES, type EngineName } from './engine.ts';
import type { StackPaths } from './paths.ts';
import type { Ports } from './ports.ts';
import { replaceJson } from './replace-file.ts';
import { EXTRAS, type Extra } from './services/index.ts';

/** What a stack that was started is: `run/stack.json`. Other commands need only the folder. */
export interface StackState {
  readonly engine: EngineName;
  readonly ports: Ports;
}

/** Undefined when the stack is not started, or the file cannot be read. */
export const readState = async ({ state }: StackPaths): Promise<StackState | undefined> => {
  try {
    const { engine, ports }: Partial<StackState> = JSON.parse(await readFile(state, 'utf8'));
    return engine === undefined || ports === undefined || !ENGINE_NAMES.includes(engine)
      ? undefined
      : { engine, ports };
  } catch {
    return undefined;
  }
};

export const writeState = ({ state }: StackPaths, { engine, ports }: StackState): Promise<void> =>
  replaceJson(state, { engine, ports });

/**
 * The groups of services a stack was last started with: `with.json`. It outlives a stop, so that the next start brings
 * up the same; deleting the data forgets it.
 */
export const readExtras = async ({ extras }: StackPaths): Promise<readonly Extra[]> => {
  try {
    const names: unknown = JSON.parse(await readFile(extras, 'utf8'));
    return EXTRAS.filter((name) => Array.isArray(names) && names.includes(name));
  } catch {
    return [];
  }
};

export const writeExtras = ({ extras }: StackPaths, names: readonly Extra[]): Promise<void> =>
  names.length === 0 ? rm(extras, { force: true }) : writeFile(extras, JSON.stringify(names));

export const removeState = ({ state }: StackPaths): Promise<void> => rm(state, { force: true });
