import type { CacheFault } from '../operations/repair/cache-fault.ts';
import type { ConsoleProcess } from './console/index.ts';
import type { Engine, EngineName, RunState } from './engine.ts';
import type { FunctionsHost } from './functions-host.ts';
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
  /** A restore that has not come to its end. */
  readonly restore?: UnfinishedRestore | undefined;
}

/**
 * @param services those the stack has
 * @param engine the engine of the stack, undefined when it is not started
 * @param lostInCache asked where Kafka and Redis are healthy
 */
export const healthOf = async (
  services: readonly Service[],
  engine: Engine | undefined,
  { host, page }: { readonly host: FunctionsHost; readonly page: ConsoleProcess },
  ports: Ports,
  lostInCache: () => Promise<CacheFault | undefined>,
): Promise<HealthReport> => {
  const found = await Promise.all([
    ...services.map(async (service) => {
      const port = ports[service.name];
      const state = (await engine?.state(service)) ?? 'stopped';
      return {
        name: service.name,
        endpoint: service.endpoint(port),
        ...(await told(state, () => (service.health ?? service.probe)(port))),
      };
    }),
    (async () => ({
      name: 'functions',
      endpoint: `http://127.0.0.1:${ports.functions}`,
      ...(await told(await host.state(), () => probes.functionsHost(ports.functions))),
    }))(),
    (async () => ({
      name: 'console',
      endpoint: `http://127.0.0.1:${ports.console}`,
      ...(await told(await page.state(), () => page.probe(ports.console))),
    }))(),
  ]);
  const isUp = (name: string): boolean => found.some((each) => each.name === name && each.state === 'healthy');
  const cache = isUp('kafka') && isUp('redis') ? await lostInCache() : undefined;
  const healthy = found.every(({ state }) => state === 'healthy') && cache === undefined;
  return { healthy, engine: engine?.name, services: found, cache };
};

const told = async (
  state: RunState,
  probe: () => Promise<string | undefined>,
): Promise<Pick<ServiceHealth, 'state' | 'detail'>> => {
  if (state === 'stopped') return { state: 'stopped', detail: 'not started' };
  if (state === 'died') return { state: 'failed', detail: 'it has ended; ./stream-manager.sh start brings it back' };
  const fault = await probe();
  return fault === undefined ? { state: 'healthy', detail: '' } : { state: 'unhealthy', detail: fault };
};
