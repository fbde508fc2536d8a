import type { CacheFault } from '../operations/repair/cache-fault.ts';
import type { ConsoleProcess } from './console/index.ts';
import { type DiskSpace, diskSpace, diskText, fullDisk, isFull, saysNoSpace } from './disk.ts';
import type { Engine, EngineName, RunState } from './engine.ts';
import type { Files } from './files.ts';
import type { FunctionsHost } from './functions-host.ts';
import { lastWords } from './last-words.ts';
import type { Ports } from './ports.ts';
import * as probes from './probes.ts';
import type { Service } from './services/index.ts';
import type { UnfinishedRestore } from './unfinished-restore.ts';

/**
 * - `healthy`: it answers
 * - `unhealthy`: it runs and does not answer as it should
 * - `failed`: it was started and is gone
 * - `stopped`: it was not started
 */
export type HealthState = 'healthy' | 'unhealthy' | 'failed' | 'stopped';

export interface ServiceHealth {
  readonly name: string;
  readonly state: HealthState;
  readonly endpoint: string;
  /** Why it is not healthy; empty when it is. */
  readonly detail: string;
}

export interface HealthReport {
  /** Everything is healthy. */
  readonly healthy: boolean;
  /** Undefined when the stack was never started, or was stopped. */
  readonly engine: EngineName | undefined;
  readonly services: readonly ServiceHealth[];
  /** What the cache has lost, and how it is repaired; undefined where it has lost nothing that can be seen. */
  readonly cache?: CacheFault | undefined;
  /** The disk that has no room left; undefined where there is some. */
  readonly disk?: DiskSpace | undefined;
  /** A restore that has not come to its end. */
  readonly restore?: UnfinishedRestore | undefined;
}

/**
 * @param services those the stack has
 * @param engine the engine of the stack, undefined when it is not started
 * @param files where to look for what ended a service
 * @param lostInCache asked where Kafka and Redis are healthy
 */
export const healthOf = async (
  services: readonly Service[],
  engine: Engine | undefined,
  { host, page }: { readonly host: FunctionsHost; readonly page: ConsoleProcess },
  ports: Ports,
  { files, lostInCache }: { readonly files: Files; readonly lostInCache: () => Promise<CacheFault | undefined> },
): Promise<HealthReport> => {
  const told = tellerOf(files);
  const found = await Promise.all([
    ...services.map(async (service) => {
      const port = ports[service.name];
      const state = (await engine?.state(service)) ?? 'stopped';
      return {
        name: service.name,
        endpoint: service.endpoint(port),
        ...(await told(service.name, state, () => (service.health ?? service.probe)(port))),
      };
    }),
    (async () => ({
      name: 'functions',
      endpoint: `http://127.0.0.1:${ports.functions}`,
      ...(await told('functions', await host.state(), () => probes.functionsHost(ports.functions))),
    }))(),
    (async () => ({
      name: 'console',
      endpoint: `http://127.0.0.1:${ports.console}`,
      ...(await told('console', await page.state(), () => page.probe(ports.console))),
    }))(),
  ]);
  const isUp = (name: string): boolean => found.some((each) => each.name === name && each.state === 'healthy');
  const cache = isUp('kafka') && isUp('redis') ? await lostInCache() : undefined;
  const disk = engine === undefined ? undefined : fullDisks(files, found)[0];
  const healthy = found.every(({ state }) => state === 'healthy') && cache === undefined && disk === undefined;
  return { healthy, engine: engine?.name, services: found, cache, disk };
};

const fullDisks = ({ folderOf }: Files, found: readonly ServiceHealth[]): readonly DiskSpace[] =>
  found.flatMap(({ name }) => {
    const folder = folderOf(name);
    const space = folder === undefined ? undefined : fullDisk(folder);
    return space === undefined ? [] : [space];
  });

type Told = Pick<ServiceHealth, 'state' | 'detail'>;

const tellerOf =
  (files: Files) =>
  async (name: string, state: RunState, probe: () => Promise<string | undefined>): Promise<Told> => {
    if (state === 'stopped') return { state: 'stopped', detail: 'not started' };
    if (state === 'died') return { state: 'failed', detail: await whyEnded(name, files) };
    const fault = await probe();
    if (fault === undefined) return { state: 'healthy', detail: '' };
    const folder = files.folderOf(name);
    const full = folder === undefined ? undefined : fullDisk(folder);
    return { state: 'unhealthy', detail: full === undefined ? fault : `${fault}; ${diskText(full)}` };
  };

/** Why a process is gone, as far as that can be known, and what brings it back. */
const whyEnded = async (name: string, { folderOf, logOf }: Files): Promise<string> => {
  const usual = 'it has ended; ./stream-manager.sh start brings it back';
  const [folder, log] = [folderOf(name), logOf(name)];
  const space = folder === undefined ? undefined : diskSpace(folder);
  if (space === undefined) return usual;
  if (isFull(space)) return `it has ended: ${diskText(space)}; free some space there, then ./stream-manager.sh start`;
  if (log === undefined || !saysNoSpace(await lastWords(log))) return usual;
  return `it has ended because the disk of ${space.folder} was full, which has room now; ./stream-manager.sh start brings it back`;
};
