import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { ENGINE_NAMES, type EngineName } from './engine.ts';
import type { StackPaths } from './paths.ts';
import type { Ports } from './ports.ts';

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

export const writeState = async ({ state, run }: StackPaths, { engine, ports }: StackState): Promise<void> => {
  await mkdir(run, { recursive: true });
  await writeFile(`${state}.tmp`, JSON.stringify({ engine, ports }, null, 2));
  await rename(`${state}.tmp`, state);
};

export const removeState = ({ state }: StackPaths): Promise<void> => rm(state, { force: true });
