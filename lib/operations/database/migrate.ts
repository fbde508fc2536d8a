import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOPIC_NAMES } from '../../catalog/index.ts';
import { messageOf, StreamError } from '../../errors.ts';
import type { Database } from './client.ts';

/** The project's migrations. */
export const MIGRATIONS = join(import.meta.dirname, '..', '..', '..', 'connect', 'migrations');

/** A file of SQL, and what is remembered of it once it was applied. */
interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Who else migrates at the same time waits; any number that nobody else takes. */
const LOCK = 7_146_203;

const FILE = /^\d{3}-[a-z0-9-]+\.sql$/;

/** The slot the outbox connector reads by; it keeps the write-ahead log until that has read it. */
export const OUTBOX_SLOT = 'outbox';

const migrationsIn = async (folder: string): Promise<Migration[]> => {
  const names = (await readdir(folder)).filter((name) => FILE.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
};

/** Rows that are moved in one transaction: some tenths of a second. */
const ROWS_AT_ONCE = 5_000;

export interface MigrateOptions {
  /** Where the files are; the project's unless given. */
  readonly folder?: string;
  /** Called after each step of a move. @param rows moved so far */
  readonly onMoved?: (rows: number) => void;
}

/**
 * Brings a database's tables up to date: each file of the folder once, in the order of their names, each in a transaction;
 * then rows that a file has left to be moved, in steps of a transaction each, the topics the outbox takes, and its slot. Cut
 * off at any moment it goes on where it was when it is run again; done again it changes nothing.
 *
 * @returns what was done, in words, for people
 * @throws StreamError REFUSED when a file was changed after it had been applied, SERVICE_FAILED with PostgreSQL's reason
 */
export const migrate = async (
  db: Database,
  { folder = MIGRATIONS, onMoved = () => undefined }: MigrateOptions = {},
): Promise<string[]> => {
  await db.query('SELECT pg_advisory_lock($1)', [LOCK]);
  try {
    await db.query(
      'CREATE TABLE IF NOT EXISTS qr_migration (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await db.query('SELECT name, checksum FROM qr_migration');
    const known = new Map(rows.map(({ name, checksum }) => [name, checksum]));
    const done: string[] = [];
    for (const migration of await migrationsIn(folder)) {
      const applied = known.get(migration.name);
      if (applied === undefined) {
        await apply(db, migration);
        done.push(migration.name);
      } else if (applied !== migration.checksum) {
        throw new StreamError('REFUSED', `Migration ${migration.name} was changed after it had been applied.`, {
          next: 'Put it back as it was, and write a new file for the change',
        });
      }
    }
    const moved = await moveRollups(db, onMoved);
    if (moved > 0) done.push(`${moved.toLocaleString('en')} rows of analytics_rollups moved into partitions`);
    if (await allowTopics(db)) done.push('topics of the outbox');
    if (await makeSlot(db)) done.push(`slot ${OUTBOX_SLOT}`);
    return done;
  } finally {
    await db.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  }
};

const apply = async (db: Database, { name, sql, checksum }: Migration): Promise<void> => {
  await db.query('BEGIN');
  try {
    await db.query(sql);
    await db.query('INSERT INTO qr_migration (name, checksum) VALUES ($1, $2)', [name, checksum]);
    await db.query('COMMIT');
  } catch (error) {
    await db.query('ROLLBACK');
    throw new StreamError('SERVICE_FAILED', `Migration ${name} failed: ${messageOf(error)}`, { cause: error });
  }
};

/** Goes on with what 004-analytics-history.sql has begun, until the table of before is empty and gone. */
const moveRollups = async (db: Database, onMoved: (rows: number) => void): Promise<number> => {
  const { rows: before } = await db.query("SELECT to_regclass('analytics_rollups_before') IS NOT NULL AS is_there");
  if (before[0]?.is_there !== true) return 0;
  for (let moved = 0; ; onMoved(moved)) {
    const { rows } = await db.query('SELECT analytics_rollups_move($1) AS moved', [ROWS_AT_ONCE]);
    const step = Number(rows[0]?.moved ?? 0);
    if (step === 0) return moved;
    moved += step;
  }
};

/**
 * Lets the outbox take the catalog's topics and no others: a record for a topic that is not there would stop the
 * connector, so a misspelled name is refused where it is written.
 */
const allowTopics = async (db: Database): Promise<boolean> => {
  const names = TOPIC_NAMES.join(', ');
  const { rows } = await db.query(
    `SELECT obj_description(oid, 'pg_constraint') AS names FROM pg_constraint
     WHERE conrelid = 'outbox'::regclass AND conname = 'outbox_topic_of_catalog'`,
  );
  if (rows[0]?.names === names) return false;
  const list = TOPIC_NAMES.map((name) => `'${name}'`).join(', ');
  // One message, and so one transaction.
  await db.query(
    `ALTER TABLE outbox DROP CONSTRAINT IF EXISTS outbox_topic_of_catalog,
       ADD CONSTRAINT outbox_topic_of_catalog CHECK (topic IN (${list}));
     COMMENT ON CONSTRAINT outbox_topic_of_catalog ON outbox IS '${names}'`,
  );
  return true;
};

/** Makes the slot ahead of the connector: what is written before that runs for the first time is not lost. */
const makeSlot = async (db: Database): Promise<boolean> => {
  const { rows } = await db.query('SELECT 1 FROM pg_replication_slots WHERE slot_name = $1', [OUTBOX_SLOT]);
  if (rows.length > 0) return false;
  await db.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [OUTBOX_SLOT]);
  return true;
};
