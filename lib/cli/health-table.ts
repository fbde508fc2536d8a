import { diskText } from '../local/disk.ts';
import type { HealthReport } from '../local/stack.ts';
import { stateOf } from './states.ts';
import { table } from './table.ts';
import { colours } from './terminal.ts';

/** The services of a report in columns, what the cache has lost, which disk is full, and a restore that is not finished. */
export const healthTable = ({ services, cache, disk, restore }: HealthReport): string => {
  const rows = table(
    ['SERVICE', 'STATE', 'ENDPOINT', 'DETAIL'],
    services.map(({ name, state, endpoint, detail }) => [name, stateOf(state), endpoint, detail]),
  );
  const faults = [cache?.detail, disk && diskText(disk), restore && restoreText(restore)];
  return [rows, ...faults.flatMap((text) => (text === undefined ? [] : [`${colours.red('✗')} ${text}`]))].join('\n\n');
};

/** What is told of a restore that is not finished. */
export const restoreText = ({ backup, begunAt, isRunning }: NonNullable<HealthReport['restore']>): string =>
  isRunning
    ? `Backup ${backup} is being restored, since ${begunAt}.`
    : `The restore of backup ${backup}, begun at ${begunAt}, was interrupted: topics, cache and objects are only partly back.`;

/** The report as `--json` prints it: the engine is null when no stack is started. */
export const healthJson = ({ healthy, engine, services, cache, disk, restore }: HealthReport) => ({
  healthy,
  engine: engine ?? null,
  services: services.map(({ name, state, endpoint, detail }) => ({ name, state, endpoint, detail })),
  cache: cache ?? null,
  disk: disk ?? null,
  restore:
    restore === undefined
      ? null
      : { ...{ backup: restore.backup, begunAt: restore.begunAt }, isRunning: restore.isRunning, next: restore.next },
});
