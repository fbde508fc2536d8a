import { BACKUP } from '../../catalog/index.ts';
import type { AlarmRow, Watched } from './alarm.ts';
import { backupMetric } from './metrics.ts';

/** Periods of a backup after which one is missing. */
const PERIODS = 2;
const MINUTE = 60;

/** What is watched of backups. */
export const BACKUP_ALARMS: readonly AlarmRow<Watched>[] = [
  {
    name: 'backup-late',
    graph: 'Age of the newest backup, seconds',
    says: ({ environment }) =>
      `No backup that is whole was begun in the last ${PERIODS * environment.backup.everyMinutes} minutes, or nobody tells.`,
    metric: () =>
      backupMetric('BackupAge', { statistic: 'Maximum', label: 'age', minutes: 2 * BACKUP.callEveryMinutes }),
    raised: 'above',
    threshold: ({ environment }) => PERIODS * environment.backup.everyMinutes * MINUTE,
    periods: 1,
    missing: 'fault',
    told: 'itself',
  },
];
