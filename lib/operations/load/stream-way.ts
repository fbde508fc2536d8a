import { setTimeout as delay } from 'node:timers/promises';
import { StreamError } from '../../errors.ts';
import { openPublisher } from '../../events/index.ts';
import type { Settings } from '../../settings.ts';
import type { Database } from '../database/index.ts';
import { METER } from './counters.ts';
import type { LoadScans } from './scans.ts';

/** Scans of one call. */
const AT_ONCE = 500;

const LOOK_MS = 1_000;
/** A rollup goes out when its minute has closed. */
const ROLLED_UP_WITHIN_MS = 240_000;
/** Sessions that are idle tell their counters after ten seconds (PostgreSQL's documentation, 27.2, PGSTAT_IDLE_INTERVAL). */
const TOLD_WITHIN_MS = 15_000;

/** What the sink has written of a user's scans. */
interface Written {
  readonly rows: number;
  /** Scans in the rows, bots included. */
  readonly scans: number;
}

const writtenOf = async (db: Database, userId: string): Promise<Written> => {
  const { rows } = await db.query(
    `SELECT ${METER} count(*)::float8 AS rows, coalesce(sum(revision), 0)::float8 AS scans
     FROM analytics_rollups WHERE user_id = $1 AND qr_id <> '' AND period = 'minute'`,
    [userId],
  );
  return { rows: Number(rows[0]?.rows ?? 0), scans: Number(rows[0]?.scans ?? 0) };
};

/** Pages that an earlier measurement has left are given back: the old way begins with new ones, too. */
export const prepareStreamWay = async (db: Database): Promise<void> => {
  await db.query('VACUUM analytics_rollups');
};

/** @param onPublished called with how many are acknowledged */
export const publishScans = async (
  settings: Settings,
  { events }: LoadScans,
  onPublished: (count: number) => void,
): Promise<void> => {
  const publisher = openPublisher(settings, { clientId: 'qr-load' });
  try {
    for (let from = 0; from < events.length; from += AT_ONCE) {
      await publisher.publish(...events.slice(from, from + AT_ONCE));
      onPublished(Math.min(events.length, from + AT_ONCE));
    }
  } finally {
    await publisher.close();
  }
};

/**
 * Waits until the sink has written rows for all scans, and until its session has told the server's counters of it.
 *
 * @returns how many rows there are
 * @throws StreamError SERVICE_FAILED when they do not come
 */
export const untilWritten = async (
  db: Database,
  { userId, events }: LoadScans,
  onWritten: (scans: number) => void,
): Promise<number> => {
  for (const end = Date.now() + ROLLED_UP_WITHIN_MS; ; await delay(LOOK_MS)) {
    const { rows, scans } = await writtenOf(db, userId);
    onWritten(scans);
    if (scans >= events.length) {
      await delay(TOLD_WITHIN_MS);
      return rows;
    }
    if (Date.now() < end) continue;
    throw new StreamError(
      'SERVICE_FAILED',
      `The sink has written ${scans} of ${events.length} scans, and no more come.`,
      {
        next: 'See what holds it up: ./stream-manager.sh connectors status rollups',
      },
    );
  }
};

export const forgetStreamWay = async (db: Database, { userId }: LoadScans): Promise<void> => {
  await db.query('DELETE FROM analytics_rollups WHERE user_id = $1', [userId]);
};
