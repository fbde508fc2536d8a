import { type Environment, type PeriodName, PRICES, RETENTION, WINDOWS } from '../../../catalog/index.ts';
import { type Activity, rowsInDay, scansWithin } from './activity.ts';
import { DAY, HOUR } from './kind.ts';

/** How long rows of scans stay, days: one for each code and each user in each period. */
const keptDays = (period: PeriodName): number => RETENTION[WINDOWS[period].policy].days;

/**
 * Bytes of a row: with its part of two indexes in a database; in objects, compressed, which write a name once for many rows. Both
 * are estimates.
 */
const ROW_BYTES = { database: 350, objects: 60 } as const;
const GB = 1e9;

/** What history takes once it is full, and where it lies. */
export interface History {
  readonly in: keyof typeof ROW_BYTES;
  readonly rows: number;
  readonly bytes: number;
  /** Dollars a month, of the storage alone. */
  readonly usd: number;
}

/** In the database of the connectors, where an environment has them; else in objects. */
export const historyOf = ({ connect }: Environment, activity: Activity): History => {
  const place = connect === undefined ? 'objects' : 'database';
  const rowsOf = (length: number): number => rowsInDay(length, scansWithin(activity, DAY), activity.population);
  const rows = keptDays('minute') * rowsOf(60) + keptDays('hour') * rowsOf(HOUR) + keptDays('day') * rowsOf(DAY);
  const bytes = rows * ROW_BYTES[place];
  const price = place === 'objects' ? PRICES.objects : PRICES.databaseStorage;
  return { in: place, rows, bytes, usd: (bytes / GB) * price.usd };
};
