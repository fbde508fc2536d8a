import { diskText } from '../local/disk.ts';
import type { HealthReport } from '../local/stack.ts';
import { stateOf } from './states.ts';
import { table } from './table.ts';
import { colours } from './terminal.ts';

/** The services of a report in columns, what the cache has lost, and which disk is full. */
export const healthTable = ({ services, cache, disk }: HealthReport): string => {
  const rows = table(
    ['SERVICE', 'STATE', 'ENDPOINT', 'DETAIL'],
    services.map(({ name, state, endpoint, detail }) => [name, stateOf(state), endpoint, detail]),
  );
  const faults = [cache?.detail, disk && diskText(disk)].filter((each) => each !== undefined);
  return [rows, ...faults.map((each) => `${colours.red('✗')} ${each}`)].join('\n\n');
};

/** The report as `--json` prints it: the engine is null when no stack is started. */
export const healthJson = ({ healthy, engine, services, cache, disk }: HealthReport) => ({
  healthy,
  engine: engine ?? null,
  services: services.map(({ name, state, endpoint, detail }) => ({ name, state, endpoint, detail })),
  cache: cache ?? null,
  disk: disk ?? null,
});
