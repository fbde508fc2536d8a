import type { HealthReport } from '../local/stack.ts';
import { stateOf } from './states.ts';
import { table } from './table.ts';
import { colours } from './terminal.ts';

/** The services of a report in columns, and what the cache has lost. */
export const healthTable = ({ services, cache }: HealthReport): string => {
  const rows = table(
    ['SERVICE', 'STATE', 'ENDPOINT', 'DETAIL'],
    services.map(({ name, state, endpoint, detail }) => [name, stateOf(state), endpoint, detail]),
  );
  return cache === undefined ? rows : `${rows}\n\n${colours.red('✗')} ${cache.detail}`;
};

/** The report as `--json` prints it: the engine is null when no stack is started. */
export const healthJson = ({ healthy, engine, services, cache }: HealthReport) => ({
  healthy,
  engine: engine ?? null,
  services: services.map(({ name, state, endpoint, detail }) => ({ name, state, endpoint, detail })),
  cache: cache ?? null,
});
