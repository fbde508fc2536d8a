import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { readTotals } from '../../../handlers/analytics-events/analytics-state.ts';
import { type EventInputs, eventOf, letterId, openPublisher, type Published } from '../../../lib/events/index.ts';
import { connectPlaces } from '../../../lib/local/connect-places.ts';
import { openStack } from '../../../lib/local/stack.ts';
import {
  keepPatched,
  patchedRecord,
  redriveLetters,
  requireKept,
  requireLetter,
  withLetters,
} from '../../../lib/operations/dead-letters/index.ts';
import { type Letter, type LetterStatus, readLetter } from '../../../lib/stores/dead-letters/index.ts';
import { openRedis } from '../../../lib/stores/redis.ts';
import { documentsOf } from '../../support/documents.ts';
import { isRunning, servicePids } from '../../support/processes.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';

/** What starts again takes its time on a busy machine. */
export const PATIENT = { timeoutMs: 90_000, everyMs: 100 };

/** The test stack's database, its search server and Connect, and who publishes beside them. */
export const openWorld = async () => {
  const { settings, dataDir } = testStack();
  // As the stack was started (test/stack.setup.ts).
  const stack = await openStack({ dataDir, env: { ...process.env, REDIS_MODE: settings.redisMode } });
  const { databaseUrl, connectUrl, searchUrl } = connectPlaces(stack.ports);
  const redis = openRedis(settings);
  const publisher = openPublisher(settings);
  const connected = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: databaseUrl });
    // A server that is killed ends it; what is asked then fails by itself.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  let db = await connected();
  return {
    settings,
    publisher,
    /** The connection of a service. */
    db: () => db,
    rows: async (sql: string, ...values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> =>
      (await db.query(sql, [...values])).rows,
    scansOf: async (qrId: string): Promise<number> => (await readTotals(redis, { kind: 'code', id: qrId })).scans,
    /** The ids of an actor's audit records, as a query finds them. */
    auditsOf: async (actor: string): Promise<readonly string[]> =>
      (await documentsOf(searchUrl, 'audit-*', 'payload.actor', actor)).hits.map(({ _id }) => _id),
    /** Puts a letter's record back with another payload, as `dlq redrive --patch` does. */
    redriven: (letter: Letter, payload: unknown): Promise<void> =>
      withLetters(settings, async (stores) => {
        const stamp = { at: new Date().toISOString(), by: 'test' };
        const { codec } = stores.publisher;
        const kept = await requireKept(letter, stores);
        await keepPatched(
          kept,
          await patchedRecord(letter, kept.original, JSON.stringify(payload), stamp, codec),
          stamp,
          stores,
        );
        const { left } = await redriveLetters([letter], stores, { by: 'test' });
        if (left.length > 0) throw new Error(`${letter.id} was left: ${left[0]?.reason}`);
      }),
    /** A letter's status as an operator sees it. */
    statusOf: (letter: Letter): Promise<LetterStatus> =>
      withLetters(settings, async ({ redis: opened }) => (await requireLetter(opened, letter.id)).status),
    /** What became of a published record that a sink refused. */
    letterOf: async (record: Published | undefined): Promise<Letter | undefined> =>
      record && readLetter(redis, letterId(record.topic, record.partition, record.offset)),
    /** Has a sink read its topic from the beginning, and waits until it is where it was. */
    replay: async (sink: string): Promise<void> => {
      const ask = (method: string, path: string) => fetch(`${connectUrl}/connectors/${sink}/${path}`, { method });
      const offset = async () => offsetsIn(await (await ask('GET', 'offsets')).text());
      await ask('PUT', 'stop');
      const before = await offset();
      await until('it has stopped', async () => (await ask('DELETE', 'offsets')).ok, PATIENT);
      await ask('PUT', 'resume');
      await until('it is where it was', async () => (await offset()) >= before, PATIENT);
    },
    /** Ends services of the stack by SIGKILL, all at once. */
    kill: async (...names: readonly string[]): Promise<void> => {
      const pids = servicePids(dataDir);
      const found = names.map((name) => pids.get(name) ?? Number.NaN);
      for (const pid of found) process.kill(pid, 'SIGKILL');
      await until('they are gone', () => !found.some(isRunning));
    },
    /** Brings up what is not up. */
    start: async (): Promise<void> => {
      await stack.start();
      await db.end().catch(() => undefined);
      db = await connected();
    },
    close: async (): Promise<void> => {
      redis.disconnect();
      await publisher.close();
      await db.end().catch(() => undefined);
    },
  };
};

/** How many records a sink has read, by what Connect says of its offsets. */
const offsetsIn = (text: string): number =>
  [...text.matchAll(/"kafka_offset":(\d+)/g)].reduce((sum, [, offset]) => sum + Number(offset), 0);

export type World = Awaited<ReturnType<typeof openWorld>>;

export const newScan = (qrId: string) =>
  eventOf('qr.scanned', { qrId, userId: `user-of-${qrId}`, action: 'scan' }, { source: 'test' });

export const newAudit = (actor: string) =>
  eventOf(
    'audit.recorded',
    { actor, action: 'team.created', resource: 'team/42', at: new Date().toISOString() },
    { source: 'test' },
  );

/** The row of a code in a minute, at a revision. */
export const rollup = (qrId: string, revision: number, more: Partial<EventInputs['analytics.rollup.updated']> = {}) =>
  eventOf(
    'analytics.rollup.updated',
    {
      qrId,
      userId: `user-of-${qrId}`,
      minute: '2026-01-01T00:00:00.000Z',
      revision,
      scans: revision,
      visitors: 1,
      countries: { DE: revision },
      ...more,
    },
    { source: 'test' },
  );

export const newPayment = (customerId: string, amount: number) => {
  const id = randomUUID();
  return eventOf(
    'payment.succeeded',
    {
      customerId,
      userId: `user-of-${customerId}`,
      providerEventId: `evt_${id}`,
      createdAt: new Date().toISOString(),
      paymentId: `pay_${id}`,
      amount,
      currency: 'EUR',
    },
    { source: 'test' },
  );
};
