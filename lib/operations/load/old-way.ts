import type { EventOf } from '../../events/index.ts';
import { type Database, withDatabase } from '../database/index.ts';
import type { LoadScans } from './scans.ts';

/** Where the old way keeps its tables while it is measured. */
const SCHEMA = 'load_old_way';

/** What a service without the stream has: a row a scan, found by code and time, and a counter a code. */
const TABLES = `
  DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE;
  CREATE SCHEMA ${SCHEMA};
  CREATE TABLE ${SCHEMA}.scans (
    id uuid PRIMARY KEY,
    qr_id text NOT NULL,
    user_id text NOT NULL,
    action text NOT NULL,
    country text,
    city text,
    ip inet,
    user_agent text,
    referrer text,
    scanned_at timestamptz NOT NULL
  );
  CREATE INDEX scans_by_code ON ${SCHEMA}.scans (qr_id, scanned_at);
  CREATE TABLE ${SCHEMA}.counters (qr_id text PRIMARY KEY, scans bigint NOT NULL)`;

const INSERT = `INSERT INTO ${SCHEMA}.scans VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
const COUNT = `UPDATE ${SCHEMA}.counters SET scans = scans + 1 WHERE qr_id = $1`;

/** Services that record at the same time. */
const SESSIONS = 8;

/** The tables, with a counter for each code, before anything is measured. */
export const prepareOldWay = async (db: Database, { qrIds }: LoadScans): Promise<void> => {
  await db.query(TABLES);
  await db.query(`INSERT INTO ${SCHEMA}.counters SELECT unnest($1::text[]), 0`, [qrIds]);
};

export const forgetOldWay = async (db: Database): Promise<void> => {
  await db.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
};

/**
 * Records each scan in a transaction of its own: its row, and one more on its code's counter.
 *
 * @param onRecorded called with how many are recorded
 */
export const recordOldWay = async (
  url: string,
  { events }: LoadScans,
  onRecorded: (count: number) => void,
): Promise<void> => {
  // One iterator for all: each session takes the next scan when it has recorded one.
  const scans = events.values();
  let recorded = 0;
  const session = (): Promise<void> =>
    withDatabase(url, async (db) => {
      for (const event of scans) {
        await record(db, event);
        recorded += 1;
        onRecorded(recorded);
      }
    });
  await Promise.all(Array.from({ length: SESSIONS }, session));
};

const record = async (db: Database, { eventId, payload }: EventOf<'qr.scanned'>): Promise<void> => {
  const { qrId, userId, action, country, city, ip, userAgent, referrer, scannedAt } = payload;
  await db.query('BEGIN');
  await db.query(INSERT, [eventId, qrId, userId, action, country, city, ip, userAgent, referrer, scannedAt]);
  await db.query(COUNT, [qrId]);
  await db.query('COMMIT');
};
