import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StackPaths } from './paths.ts';
import { PORT_NAMES, type Ports } from './ports.ts';
import { replaceJson } from './replace-file.ts';

/**
 * What the folder of a stack remembers, started or not: `run/remembered.json`. After `stop --wipe` it remembers nothing,
 * and is still known as the folder of a stack.
 */
export interface Remembered {
  /** The ports of its last start. They are the folder's own: clients and scripts keep finding this stack there. */
  readonly ports?: Partial<Ports> | undefined;
  /** The services that have come up here natively, and so have data in this folder. */
  readonly services?: readonly string[] | undefined;
}

interface Written {
  readonly ports?: Readonly<Record<string, unknown>>;
  readonly services?: unknown;
}

/** Undefined where no stack was ever started, or the file cannot be read. */
export const readRemembered = async ({ remembered }: StackPaths): Promise<Remembered | undefined> => {
  try {
    const { ports, services }: Written = JSON.parse(await readFile(remembered, 'utf8'));
    return {
      ports: ports === undefined ? undefined : portsIn(ports),
      services: Array.isArray(services) ? services.filter((each) => typeof each === 'string') : undefined,
    };
  } catch {
    return undefined;
  }
};

export const writeRemembered = ({ remembered }: StackPaths, what: Remembered): Promise<void> =>
  replaceJson(remembered, what);

/** Whether a stack was ever started in this folder, by this version or an older one that remembered nothing. */
export const isStackFolder = ({ remembered, state, extras, data }: StackPaths): boolean =>
  [remembered, state, extras, join(data, 'kafka'), join(data, 'redis')].some(existsSync);

const portsIn = (found: Readonly<Record<string, unknown>>): Partial<Ports> => {
  const entries = PORT_NAMES.flatMap((name) => {
    const port = found[name];
    return typeof port === 'number' ? [[name, port] as const] : [];
  });
  return Object.fromEntries(entries);
};
