import { setTimeout as delay } from 'node:timers/promises';
import { newEventId } from '../../events/index.ts';
import type { Settings } from '../../settings.ts';
import { type Database, withDatabase } from '../database/index.ts';
import { type Counters, closeMeter, difference, METER, openMeter, readCounters } from './counters.ts';
import { forgetOldWay, prepareOldWay, recordOldWay } from './old-way.ts';
import { type LoadOptions, type LoadScans, loadScans } from './scans.ts';
import { forgetStreamWay, prepareStreamWay, publishScans, untilWritten } from './stream-way.ts';

export type { Counters } from './counters.ts';
export type { LoadOptions } from './scans.ts';

/** What the database did for the same scans, recorded in two ways. */
export interface Comparison extends LoadOptions {
  readonly old: Counters;
  readonly stream: Counters;
  /** Rows of rollups the scans have become. */
  readonly rollups: number;
  /** Percent less through the stream than the old way, by counter. */
  readonly lessPercent: Counters;
}

/** Which part is at work, and how many scans of all are through it. */
export type OnLoad = (part: 'recording' | 'waiting' | 'publishing' | 'writing', scans: number) => void;

const MINUTE_MS = 60_000;
/** It takes so long to count the scans; those that are counted in two minutes bring their rows twice. */
const LEFT_MS = 30_000;

/** Waits for a minute of which enough is left. */
const nextMinute = async (onLoad: OnLoad): Promise<void> => {
  const left = MINUTE_MS - (Date.now() % MINUTE_MS);
  if (left >= LEFT_MS) return;
  onLoad('waiting', 0);
  await delay(left);
};

/**
 * Records the same scans in PostgreSQL one by one, and through the stream, and tells what the database had to do for each.
 * What it makes there is taken away at the end. What else the database does meanwhile is counted too.
 *
 * @param databaseUrl of the database that the sink `rollups` writes to
 * @throws StreamError REFUSED where statements are not counted, SERVICE_FAILED where the sink does not write
 */
export const compareLoad = (
  settings: Settings,
  databaseUrl: string,
  options: LoadOptions,
  onLoad: OnLoad,
): Promise<Comparison> =>
  withDatabase(databaseUrl, async (db) => {
    const scans = loadScans(options, newEventId().slice(-8), Date.now());
    await openMeter(db);
    try {
      await prepareOldWay(db, scans);
      await prepareStreamWay(db);
      const old = await measured(db, () => recordOldWay(databaseUrl, scans, (count) => onLoad('recording', count)));
      // Or the server tidies these tables up while the stream is measured.
      await forgetOldWay(db);
      await nextMinute(onLoad);
      const stream = await measured(db, (watching) => streamWay(watching, settings, scans, onLoad));
      return {
        ...options,
        old: old.counters,
        stream: stream.counters,
        rollups: stream.result,
        lessPercent: lessPercent(old.counters, stream.counters),
      };
    } finally {
      await forgetOldWay(db);
      await forgetStreamWay(db, scans);
      await closeMeter(db);
    }
  });

const streamWay = async (db: Database, settings: Settings, scans: LoadScans, onLoad: OnLoad): Promise<number> => {
  await publishScans(settings, scans, (count) => onLoad('publishing', count));
  return untilWritten(db, scans, (count) => onLoad('writing', count));
};

/**
 * A page that is changed for the first time after a checkpoint goes to the log as a whole: both ways begin after one.
 *
 * @param work gets the database to look into; each look is a transaction that is not counted
 */
const measured = async <Result>(
  db: Database,
  work: (watching: Database) => Promise<Result>,
): Promise<{ readonly counters: Counters; readonly result: Result }> => {
  await db.query('CHECKPOINT');
  await db.query('SELECT pg_stat_force_next_flush()');
  const before = await readCounters(db);
  let looks = 0;
  const watching: Database = {
    query: (text, values) => {
      looks += 1;
      return db.query(text, values);
    },
  };
  const result = await work(watching);
  await watching.query(`SELECT ${METER} pg_stat_force_next_flush()`);
  const counters = difference(before, await readCounters(db));
  return { result, counters: { ...counters, transactions: counters.transactions - looks } };
};

/** Percent less, rounded to whole ones; negative where it is more. */
export const lessPercent = (old: Counters, stream: Counters): Counters => {
  const less = (name: keyof Counters): number => Math.round(100 * (1 - stream[name] / Math.max(1, old[name])));
  return {
    statements: less('statements'),
    transactions: less('transactions'),
    rows: less('rows'),
    walBytes: less('walBytes'),
    walRecords: less('walRecords'),
    walPages: less('walPages'),
  };
};
