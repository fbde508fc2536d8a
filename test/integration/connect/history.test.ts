import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPlaces } from '../../../lib/local/connect-places.ts';
import { openStack } from '../../../lib/local/stack.ts';
import {
  type Database,
  ensureDatabase,
  MIGRATIONS,
  migrate,
  withDatabase,
} from '../../../lib/operations/database/index.ts';
import {
  addToInbox,
  databaseHistory,
  type History,
  type HistoryRow,
  moveObjects,
  objectHistory,
} from '../../../lib/stores/history/index.ts';
import { EMULATED, openObjects } from '../../../lib/stores/objects.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import { openWorld, PATIENT, rollup, type World } from './world.ts';

let world: World;
let history: History;
let url: string;

beforeAll(async () => {
  world = await openWorld();
  url = connectPlaces((await openStack({ dataDir: testStack().dataDir })).ports).databaseUrl;
  history = databaseHistory(async () => url);
});

afterAll(async () => {
  await history?.close();
  await world?.close();
});

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 2, 3, 4);

const row = (id: string, more: Partial<HistoryRow> = {}): HistoryRow => {
  const counted = { revision: 2, scans: 2, bots: 0, visitors: 1, by: { country: { DE: 2 }, os: { iOS: 2 } } };
  return { kind: 'code', id, userId: `user-of-${id}`, period: 'minute', start: START, part: 0, ...counted, ...more };
};
const read = (id: string, period: HistoryRow['period'] = 'minute') =>
  history.read({ kind: 'code', id }, { period, from: START - DAY, to: START + DAY });

describe('history in PostgreSQL', () => {
  it('takes rows of codes and users, of every period and part, from the sink, also those of earlier schemas', async () => {
    const id = randomUUID();
    const minute = new Date(START).toISOString();
    await world.publisher.publish(
      rollup(id, 3, { minute }),
      rollup(id, 1, { minute, part: 7 }),
      rollup(id, 4, { minute, period: 'hour' }),
      rollup('', 5, { minute, userId: id, allCodesOf: id, period: 'day', actions: { scan: 5 } }),
    );
    const revisions = async () => (await read(id)).map(({ part, revision }) => [part, revision]).sort();
    await until('the parts are there', async () => (await revisions()).length === 2, PATIENT);
    expect(await revisions()).toEqual([
      [0, 3],
      [7, 1],
    ]);
    await until('the hour is there', async () => (await read(id, 'hour'))[0]?.revision === 4, PATIENT);
    const ofUser = () => history.read({ kind: 'user', id }, { period: 'day', from: START, to: START + 1 });
    await until('the user is there', async () => (await ofUser()).length === 1, PATIENT);
    expect(await ofUser()).toMatchObject([{ kind: 'user', id, revision: 5, by: { action: { scan: 5 } } }]);
  });

  it('keeps the larger revision of a row, whoever writes it', async () => {
    const id = randomUUID();
    await history.put([row(id), row(id, { revision: 1, scans: 1 }), row(id, { revision: 9, scans: 9 })]);
    await history.put([row(id, { revision: 3, scans: 3 })]);
    expect(await read(id)).toEqual([
      expect.objectContaining({ id, revision: 9, scans: 9, by: expect.objectContaining({ os: { iOS: 2 } }) }),
    ]);
  });

  it('erases a user and nobody else', async () => {
    const [id, other] = [randomUUID(), randomUUID()];
    await history.put([row(id), row(id, { period: 'day', part: 3 }), row(other)]);
    const { signal } = new AbortController();
    expect(await history.erase(`user-of-${id}`, [], signal)).toBe(2);
    expect([await read(id), await history.erase(`user-of-${id}`, [], signal)]).toEqual([[], 0]);
    expect(await read(other)).toHaveLength(1);
  });

  it('drops whole months that are old enough, but what is held, and takes rows outside of its partitions', async () => {
    const [held, free, later] = [randomUUID(), randomUUID(), randomUUID()];
    const start = Date.UTC(1999, 4, 5);
    await world.rows("SELECT analytics_rollups_make_partition('minute', $1)", new Date(start));
    await history.put([row(held, { start }), row(free, { start }), row(later, { start: Date.UTC(1999, 5, 5) })]);
    const left = async (id: string) =>
      (await world.rows('SELECT tableoid::regclass::text AS place FROM analytics_rollups WHERE qr_id = $1', id))[0]
        ?.place;
    expect(await left(free)).toBe('analytics_rollups_minute_1999_05');
    expect(await left(later)).toBe('analytics_rollups_minute_rest');
    const forget = async (users: readonly string[]): Promise<void> => {
      for (let next: string | undefined = 'first'; next !== undefined; ) {
        ({ next } = await history.forget('minute', Date.UTC(1999, 5, 2), { users, isHeld: () => false }, next));
      }
    };
    await forget([`user-of-${held}`]);
    expect([await left(held), await left(free)]).toEqual(['analytics_rollups_minute_rest', undefined]);
    await forget([]);
    expect([await left(held), await left(later)]).toEqual([undefined, 'analytics_rollups_minute_rest']);
    // A partition that is made later takes the rows that had to do without.
    await world.rows("SELECT analytics_rollups_make_partition('minute', $1)", new Date(Date.UTC(1999, 5, 5)));
    expect(await left(later)).toBe('analytics_rollups_minute_1999_06');
  });
});

describe('the move of the rows of before', () => {
  it('killed in the middle and run again loses and doubles nothing', async () => {
    const name = `moved_${randomUUID().replaceAll('-', '')}`;
    const target = new URL(url);
    target.pathname = `/${name}`;
    const earlier = await mkdtemp(join(tmpdir(), 'qr-migrations-'));
    await ensureDatabase(target.href);
    try {
      for (const file of ['001-outbox.sql', '002-analytics-rollups.sql', '003-payment-ledger.sql']) {
        await cp(join(MIGRATIONS, file), join(earlier, file));
      }
      await withDatabase(target.href, async (db) => {
        await migrate(db, { folder: earlier });
        await db.query(
          `INSERT INTO analytics_rollups SELECT 'qr-' || i % 50, '2026-01-01'::timestamptz + i / 50 * interval '1 hour',
             'user', 1 + i % 3, 1, 0, 1, '{}', '{}', '{}' FROM generate_series(1, 23000) AS i`,
        );
      });
      // The server ends the connection in the middle, three times.
      for (let i = 0; i < 3; i += 1) await killedInTheMiddle(target.href);
      // A row that has come again meanwhile, and is the later one, stays.
      await withDatabase(target.href, async (db) => {
        await db.query(
          `INSERT INTO analytics_rollups (qr_id, minute, user_id, revision, scans, bots, visitors, countries, devices, referrers)
           SELECT qr_id, minute, user_id, 100, 100, 0, 1, '{}', '{}', '{}' FROM analytics_rollups_before LIMIT 1`,
        );
        await migrate(db);
        expect(await migrate(db)).toEqual([]);
        const { rows } = await db.query(
          `SELECT count(*)::int AS rows, count(DISTINCT (qr_id, minute))::int AS different, max(revision) AS last,
             to_regclass('analytics_rollups_before') AS before FROM analytics_rollups`,
        );
        expect(rows).toEqual([{ rows: 23_000, different: 23_000, last: 100, before: null }]);
      });
    } finally {
      await rm(earlier, { recursive: true });
      await world.rows(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
  });
});

describe('the move of rows from objects', () => {
  it('cut off and run again loses and doubles nothing, and leaves no object behind', async () => {
    const { settings } = testStack();
    const bucket = `moved-${randomUUID()}`;
    const client = new S3Client({ ...EMULATED, endpoint: settings.awsEndpoint ?? '' });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    const objects = openObjects({ ...settings, bucket });
    try {
      const [code, waiting] = [randomUUID(), randomUUID()];
      const rows = Array.from({ length: 40 }, (_, i) => row(code, { start: START + i * 60_000, revision: i + 1 }));
      const hours = [row(code, { period: 'hour' }), row(code, { period: 'day', part: 3 })];
      await objectHistory(objects).put([...rows, ...hours]);
      await addToInbox(objects, 'test', [row(waiting)]);
      // A row that PostgreSQL has later news of stays.
      await history.put([row(code, { revision: 100, scans: 100 })]);

      const cut = new AbortController();
      const putsThenAborts: History = {
        ...history,
        put: async (some) => {
          await history.put(some);
          cut.abort();
        },
      };
      expect(await moveObjects(objects, history, { isDryRun: true })).toBe(43);
      await expect(moveObjects(objects, putsThenAborts, { signal: cut.signal })).rejects.toThrow(/abort/i);
      await moveObjects(objects, history);
      expect(await moveObjects(objects, history)).toBe(0);
      const found = await Promise.all((['minute', 'hour', 'day'] as const).map((period) => read(code, period)));
      expect(found.map(({ length }) => length)).toEqual([40, 1, 1]);
      expect(found[0]?.find(({ start }) => start === START)?.revision).toBe(100);
      expect(await read(waiting)).toHaveLength(1);
      expect(await objects.list('')).toEqual([]);
    } finally {
      await objects.delete(await objects.list(''));
      objects.close();
      client.destroy();
    }
  });
});

/** Migrates until the first step of the move is through, and has the server end the session in the next. */
const killedInTheMiddle = async (address: string): Promise<void> => {
  const killed = withDatabase(address, async (db) => {
    const { rows } = await db.query('SELECT pg_backend_pid() AS pid');
    let steps = 0;
    const slow: Database = {
      query: async (text, values) => {
        if (!text.includes('analytics_rollups_move')) return db.query(text, values);
        steps += 1;
        if (steps < 2) return db.query(text, values);
        // Within the transaction of the step: what it has moved by then is moved back.
        const step = db.query('SELECT analytics_rollups_move($1), pg_sleep(60)', [...(values ?? [])]);
        step.catch(() => undefined);
        await world.rows('SELECT pg_terminate_backend($1)', rows[0]?.pid);
        return step;
      },
    };
    await migrate(slow);
  });
  await expect(killed).rejects.toThrow(/PostgreSQL/);
};
