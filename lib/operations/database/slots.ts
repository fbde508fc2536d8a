import { setTimeout as delay } from 'node:timers/promises';
import { type Database, withDatabase } from './client.ts';

/** A place in the write-ahead log up to which a reader has got; the log is kept from there on. */
export interface Slot {
  readonly name: string;
  /** Somebody reads by it now. */
  readonly active: boolean;
  /** Bytes of the log that its reader has not confirmed. */
  readonly lagBytes: number;
  /** `lost`: the log is gone, and what was in it with it (pg_replication_slots.wal_status). */
  readonly walStatus: string;
}

/** The logical slots of the database, by name. */
export const slotsOf = async (db: Database): Promise<Slot[]> => {
  const { rows } = await db.query(
    `SELECT slot_name, active, wal_status, pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::float8 AS lag
     FROM pg_replication_slots WHERE slot_type = 'logical' AND database = current_database() ORDER BY slot_name`,
  );
  return rows.map(({ slot_name, active, wal_status, lag }) => ({
    name: String(slot_name),
    active: active === true,
    lagBytes: Math.max(0, Number(lag ?? 0)),
    walStatus: String(wal_status ?? 'unknown'),
  }));
};

/** The slots of the database at an address; null where it is out of reach, which is no reason to hide what Connect says. */
export const slotsAt = async (databaseUrl: string): Promise<Slot[] | null> =>
  withDatabase(databaseUrl, slotsOf).catch(() => null);

/** The server notices within moments that a reader has left. */
const LEFT_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 200;

/**
 * Gives a slot up, once its reader has left: the log is kept for it no longer.
 *
 * @throws the database's error when somebody reads by it even then
 */
export const dropSlot = async (db: Database, name: string): Promise<void> => {
  for (const end = Date.now() + LEFT_WITHIN_MS; Date.now() < end; await delay(LOOK_EVERY_MS)) {
    if (!(await slotsOf(db)).some((slot) => slot.name === name && slot.active)) break;
  }
  await db.query('SELECT pg_drop_replication_slot($1)', [name]);
};

/** More than this is a reader that has stopped: in a quiet database a heartbeat moves it every ten seconds. */
const MUCH_BYTES = 256 * 1024 * 1024;

/** What is not well with slots; undefined when all is. */
export const faultOf = (slots: readonly Slot[]): string | undefined => {
  const faults = slots.flatMap(({ name, lagBytes, walStatus }) => {
    if (walStatus === 'lost') return [`the slot ${name} has lost its place in the log`];
    const megabytes = Math.round(lagBytes / 1_000_000);
    return lagBytes > MUCH_BYTES ? [`the slot ${name} is ${megabytes} MB behind`] : [];
  });
  return faults.length === 0 ? undefined : faults.join('; ');
};
