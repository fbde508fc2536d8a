import type { HealthReport } from '../local/stack.ts';
import { stateOf } from './states.ts';
import { table } from './table.ts';

/** The services of a report in columns. */
export const healthTable = ({ services }: HealthReport): string =>
  table(
    ['SERVICE', 'STATE', 'ENDPOINT', 'DETAIL'],
    services.map(({ name, state, endpoint, detail }) => [name, stateOf(state), endpoint, detail]),
  );

/** The report as `--json` prints it: the engine is null when no stack is started. */
export const healthJson = ({ healthy, engine, services }: HealthReport) => ({
  healthy,
  engine: engine ?? null,
  services: services.map(({ name, state, endpoint, detail }) => ({ name, state, endpoint, detail })),
});
