import { StreamError } from '../errors.ts';
import type { ConsoleProcess } from './console/index.ts';
import type { Engine, RunState } from './engine.ts';
import type { FunctionsHost } from './functions-host.ts';
import { isFree, portOwner } from './port-owner.ts';
import type { PortName, Ports } from './ports.ts';
import type { Service } from './services/index.ts';

/** The processes of a stack. */
export interface Parts {
  readonly services: readonly Service[];
  /** Undefined when the stack is not started. */
  readonly engine: Engine | undefined;
  readonly host: FunctionsHost;
  readonly page: ConsoleProcess;
}

/** One process of a stack: what people call it, the ports it listens on, and whether it is there. */
export interface Part {
  readonly title: string;
  readonly listens: readonly PortName[];
  readonly state: RunState;
}

/** Every process that a stack has when it is up, the services first. */
export const partsOf = async ({ services, engine, host, page }: Parts): Promise<readonly Part[]> =>
  Promise.all([
    ...services.map(async (service) => ({
      title: service.title,
      // In Docker one port of each is published; brokers find their controllers inside.
      listens: engine?.name === 'docker' ? service.listens.slice(0, 1) : service.listens,
      state: (await engine?.state(service)) ?? 'stopped',
    })),
    (async () => ({ title: 'The functions host', listens: ['functions'] as const, state: await host.state() }))(),
    (async () => ({ title: 'The console', listens: ['console'] as const, state: await page.state() }))(),
  ]);

/** What every command but those that start or describe a stack says of one that is not up. */
export const notRunning = (folder: string, wasStarted: boolean): StreamError =>
  new StreamError('REFUSED', `The stack in ${folder} is not running.`, {
    next: wasStarted
      ? 'Start it: ./stream-manager.sh start'
      : 'No stack was ever started there: check the folder, or start one: ./stream-manager.sh start',
  });

/**
 * Makes sure that whoever answers at the ports of a stack is this stack: the processes of its folder are there, or at
 * least no other process has their ports. A stack whose machine went down still says that it is started, and another one
 * may be on its ports by now.
 *
 * @param folder the stack's folder
 * @param wasStarted whether there ever was a stack in it
 * @throws StreamError REFUSED
 */
export const requireRunning = async (
  { ports, ...parts }: Parts & { readonly ports: Ports },
  folder: string,
  wasStarted: boolean,
): Promise<void> => {
  const all = parts.engine === undefined ? [] : await partsOf(parts);
  if (!all.some(({ state }) => state === 'running')) throw notRunning(folder, wasStarted);
  for (const { title, listens, state } of all) {
    const [name] = listens;
    if (state === 'running' || name === undefined || (await isFree(ports[name]))) continue;
    const owner = await portOwner(ports[name]);
    const by = owner === undefined ? 'another process' : `process ${owner.pid}`;
    throw new StreamError(
      'REFUSED',
      `${title} of the stack in ${folder} has ended, and ${by} has its port ${ports[name]}.`,
      {
        next: 'End that process, or stop the stack it belongs to; then ./stream-manager.sh start',
      },
    );
  }
};
