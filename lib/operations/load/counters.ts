import { messageOf, StreamError } from '../../errors.ts';
import type { Database } from '../database/index.ts';

/** What PostgreSQL had done by some moment, of everything in one database and of the log of its server. */
export interface Counters {
  /** Statements that read or write; BEGIN, COMMIT and settings are not among them (pg_stat_statements). */
  readonly statements: number;
  /** Committed transactions (pg_stat_database). */
  readonly transactions: number;
  /** Rows inserted, updated and deleted (pg_stat_database). */
  readonly rows: number;
  /** Bytes of the write-ahead log (pg_current_wal_lsn). */
  readonly walBytes: number;
  /** Records of the write-ahead log, and those that carry a whole page (pg_stat_wal). */
  readonly walRecords: number;
  readonly walPages: number;
}

/** Where the extension is while something is measured. */
export const METER_SCHEMA = 'load_meter';

/**
 * Makes what statements are counted with, in a schema of its own.
 *
 * @throws StreamError REFUSED where the server does not count statements
 */
export const openMeter = async (db: Database): Promise<void> => {
  await closeMeter(db);
  try {
    await db.query(`CREATE SCHEMA ${METER_SCHEMA}`);
    const { rows } = await db.query("SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'");
    if (rows.length === 0) await db.query(`CREATE EXTENSION pg_stat_statements SCHEMA ${METER_SCHEMA}`);
    await db.query(`SET search_path = "$user", public, ${METER_SCHEMA}`);
    await db.query('SELECT count(*) FROM pg_stat_statements');
  } catch (error) {
    await closeMeter(db);
    throw new StreamError('REFUSED', `This PostgreSQL does not count statements: ${messageOf(error)}`, {
      next: 'It needs shared_preload_libraries=pg_stat_statements; the local one has it: stop, then start --with connect',
      cause: error,
    });
  }
};

/** An extension that was there before stays. */
export const closeMeter = async (db: Database): Promise<void> => {
  await db.query(`DROP SCHEMA IF EXISTS ${METER_SCHEMA} CASCADE`);
};

/** Marks the questions of who measures: they are no work of either way. */
export const METER = '/* load meter */';

const READ = `
  SELECT ${METER}
    (SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND query ~* '^\\s*(select|insert|update|delete|merge|with)' AND query NOT LIKE '%${METER}%')::float8 AS statements,
    xact_commit::float8 AS transactions,
    (tup_inserted + tup_updated + tup_deleted)::float8 AS rows,
    pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS wal_bytes,
    (SELECT wal_records FROM pg_stat_wal)::float8 AS wal_records,
    (SELECT wal_fpi FROM pg_stat_wal)::float8 AS wal_pages
  FROM pg_stat_database WHERE datname = current_database()`;

/** The counters as they are told now; sessions tell theirs when they have been idle for a while, or end. */
export const readCounters = async (db: Database): Promise<Counters> => {
  const { rows } = await db.query(READ);
  const [row = {}] = rows;
  const of = (name: string): number => Number(row[name] ?? 0);
  return {
    statements: of('statements'),
    transactions: of('transactions'),
    rows: of('rows'),
    walBytes: of('wal_bytes'),
    walRecords: of('wal_records'),
    walPages: of('wal_pages'),
  };
};

/** What was done between two moments. */
export const difference = (before: Counters, after: Counters): Counters => ({
  statements: after.statements - before.statements,
  transactions: after.transactions - before.transactions,
  rows: after.rows - before.rows,
  walBytes: after.walBytes - before.walBytes,
  walRecords: after.walRecords - before.walRecords,
  walPages: after.walPages - before.walPages,
});
