import type { PeriodName } from '../../catalog/index.ts';
import { messageOf, TransientError } from '../../errors.ts';
import type { Forgotten, History } from './history.ts';
import { type HistoryRow, latestRows, ROW_DIMENSIONS, type RowDimension } from './row.ts';

/** Answers to questions in SQL: a pool of `pg`. */
interface Sql {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
  end(): Promise<void>;
}

const CONNECTION_MS = 2_000;
const STATEMENT_MS = 20_000;
const CONNECTIONS = 4;
/** Rows of one INSERT, of one DELETE. */
const ROWS_AT_ONCE = 2_000;

/** The column of each dimension. */
const COLUMNS: Readonly<Record<RowDimension, string>> = {
  country: 'countries',
  device: 'devices',
  referrer: 'referrers',
  os: 'systems',
  browser: 'browsers',
  action: 'actions',
};

const NUMBERS = 'revision, scans, bots, visitors, countries, devices, referrers, systems, browsers, actions';

const PUT = `
  INSERT INTO analytics_rollups AS known (qr_id, all_codes_of, period, minute, part, user_id, ${NUMBERS})
  SELECT qr_id, all_codes_of, period, minute, part, user_id, ${NUMBERS} FROM jsonb_to_recordset($1::jsonb) AS given
    (qr_id text, all_codes_of text, period text, minute timestamptz, part integer, user_id text, revision integer,
     scans integer, bots integer, visitors integer, countries jsonb, devices jsonb, referrers jsonb, systems jsonb,
     browsers jsonb, actions jsonb)
  ON CONFLICT (qr_id, all_codes_of, period, minute, part) DO UPDATE SET user_id = excluded.user_id,
    ${NUMBERS.split(', ')
      .map((name) => `${name} = excluded.${name}`)
      .join(', ')}
    WHERE known.revision < excluded.revision`;

const READ = `
  SELECT qr_id, all_codes_of, minute, part, user_id, ${NUMBERS} FROM analytics_rollups
  WHERE qr_id = $1 AND all_codes_of = $2 AND period = $3 AND minute >= $4 AND minute < $5`;

const ERASE = `
  DELETE FROM analytics_rollups WHERE (tableoid, ctid) IN
    (SELECT tableoid, ctid FROM analytics_rollups WHERE user_id = $1 LIMIT ${ROWS_AT_ONCE})`;

/**
 * History in the tables of PostgreSQL (connect/migrations).
 *
 * @param address finds out `postgresql://user:password@host:port/database`, of a user who may also delete
 */
export const databaseHistory = (address: () => Promise<string>): History => {
  let pool: Promise<Sql> | undefined;
  const ask = async (text: string, values: unknown[]): Promise<readonly Record<string, unknown>[]> => {
    try {
      pool ??= openPool(address);
      // An address that could not be found out is asked for again.
      pool.catch(() => {
        pool = undefined;
      });
      return (await (await pool).query(text, values)).rows;
    } catch (error) {
      throw new TransientError('DATABASE_UNAVAILABLE', `PostgreSQL did not answer: ${messageOf(error)}`, {
        next: 'Check that it is up: ./stream-manager.sh health',
        cause: error,
      });
    }
  };
  return {
    kind: 'database',
    read: async ({ kind, id }, { period, from, to }) => {
      const key = kind === 'code' ? [id, ''] : ['', id];
      const rows = await ask(READ, [...key, period, new Date(from), new Date(to)]);
      return rows.map((row) => rowFrom(row, period));
    },
    put: async (rows) => {
      // One INSERT must not meet the same row twice.
      const latest = latestRows(rows);
      for (let from = 0; from < latest.length; from += ROWS_AT_ONCE) {
        await ask(PUT, [JSON.stringify(latest.slice(from, from + ROWS_AT_ONCE).map(columnsOf))]);
      }
    },
    erase: async (userId, _codes, signal) => {
      for (let erased = 0; ; ) {
        signal.throwIfAborted();
        const [row] = await ask(`WITH gone AS (${ERASE} RETURNING 1) SELECT count(*) AS gone FROM gone`, [userId]);
        const gone = Number(row?.gone ?? 0);
        if (gone === 0) return erased + (await eraseUnmoved(ask, userId));
        erased += gone;
      }
    },
    forget: (period, before, { users }) => forget(ask, period, before, users),
    isMoving: () => isMoving(ask),
    close: async () => {
      await (await pool?.catch(() => undefined))?.end();
    },
  };
};

type Ask = (text: string, values: unknown[]) => Promise<readonly Record<string, unknown>[]>;

const openPool = async (address: () => Promise<string>): Promise<Sql> => {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: await address(),
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECTION_MS,
    statement_timeout: STATEMENT_MS,
    application_name: 'qr-history',
    // What waits for nothing keeps no process alive.
    allowExitOnIdle: true,
  });
  // An idle connection that breaks says so by an event; the next question gets another one.
  pool.on('error', () => undefined);
  return pool;
};

const isMoving = async (ask: Ask): Promise<boolean> => {
  const [row] = await ask("SELECT to_regclass('analytics_rollups_before') IS NOT NULL AS moving", []);
  return row?.moving === true;
};

const eraseUnmoved = async (ask: Ask, userId: string): Promise<number> => {
  if (!(await isMoving(ask))) return 0;
  const rows = await ask('DELETE FROM analytics_rollups_before WHERE user_id = $1 RETURNING 1', [userId]);
  return rows.length;
};

/** Makes partitions ahead as well, so that a sweep a day is all the care they need. */
const forget = async (
  ask: Ask,
  period: PeriodName,
  before: number,
  heldUsers: readonly string[],
): Promise<Forgotten> => {
  await ask("SELECT analytics_rollups_make_partitions(now(), now() + interval '2 months')", []);
  const [row] = await ask('SELECT deleted, held, more FROM analytics_rollups_forget($1, $2, $3)', [
    period,
    new Date(before),
    [...heldUsers],
  ]);
  return {
    deleted: Number(row?.deleted ?? 0),
    held: Number(row?.held ?? 0),
    next: row?.more === true ? 'more' : undefined,
  };
};

const columnsOf = (row: HistoryRow): Readonly<Record<string, unknown>> => ({
  qr_id: row.kind === 'code' ? row.id : '',
  all_codes_of: row.kind === 'code' ? '' : row.id,
  period: row.period,
  minute: new Date(row.start).toISOString(),
  part: row.part,
  user_id: row.userId,
  revision: row.revision,
  scans: row.scans,
  bots: row.bots,
  visitors: row.visitors,
  ...Object.fromEntries(ROW_DIMENSIONS.map((name) => [COLUMNS[name], row.by[name] ?? {}])),
});

const rowFrom = (row: Readonly<Record<string, unknown>>, period: PeriodName): HistoryRow => {
  const qrId = String(row.qr_id);
  const number = (name: string): number => Number(row[name] ?? 0);
  return {
    kind: qrId === '' ? 'user' : 'code',
    id: qrId === '' ? String(row.all_codes_of) : qrId,
    userId: String(row.user_id),
    period,
    start: row.minute instanceof Date ? row.minute.getTime() : Date.parse(String(row.minute)),
    part: number('part'),
    revision: number('revision'),
    scans: number('scans'),
    bots: number('bots'),
    visitors: number('visitors'),
    by: Object.fromEntries(ROW_DIMENSIONS.map((name) => [name, amountsIn(row[COLUMNS[name]])])),
  };
};

const amountsIn = (value: unknown): Readonly<Record<string, number>> =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, amount]) => [name, Number(amount)]))
    : {};
