import { randomUUID } from 'node:crypto';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment } from '../../lib/catalog/index.ts';
import { openGlueRegistry } from '../../lib/events/glue-registry.ts';
import { eventOf, openOutbox, openPublisher, type Publisher, SUBJECTS, schemaTextOf } from '../../lib/events/index.ts';
import { PROJECT_ROOT } from '../../lib/functions/index.ts';
import { translated } from '../../lib/infra/connect/translation.ts';
import { connectPlaces } from '../../lib/local/connect-places.ts';
import { DATABASE } from '../../lib/local/database.ts';
import { openWorker, untilRunning } from '../../lib/operations/connectors/index.ts';
import { documentsOf } from '../support/documents.ts';
import { glueMemory } from '../support/glue-memory.ts';
import { glueServer } from '../support/glue-server.ts';
import { mskWorker } from '../support/msk-worker.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { until } from '../support/until.ts';
import { SOURCES, withEverything } from '../unit/infra/everything.ts';

/**
 * The archive that MSK Connect is given, on Kafka Connect of the version that MSK Connect runs, with the configurations that
 * the stack translates; a server of the test answers as Glue and Secrets Manager do. Left out: IAM of the brokers, TLS.
 */
const PATIENT = { timeoutMs: 120_000, everyMs: 200 };
const CONNECTORS = ['ledger', 'outbox', 'rollups', 'search'] as const;
const REGISTRY = 'glue:qr-test';
const PASSWORD = `password-${randomUUID()}`;

/** What the archive unfolds to. Whether MSK Connect takes its folders for plugins or all of it for one, AWS does not say. */
const ARCHIVE = join(PROJECT_ROOT, 'connect', 'aws', 'target', 'archive');
const LAYOUTS = [
  ['with a plugin a folder', async () => ARCHIVE],
  [
    'with everything in one plugin',
    async () => {
      const folder = join(stack.dataDir, 'plugins');
      await mkdir(folder);
      await symlink(ARCHIVE, join(folder, 'one'));
      return folder;
    },
  ],
] as const;

let stack: OwnStack;
let aws: Awaited<ReturnType<typeof glueServer>>;
let worker: Awaited<ReturnType<typeof mskWorker>>;
let publisher: Publisher;
let db: pg.Client;

beforeAll(async () => {
  stack = await ownStack('msk');
  await stack.start('--with', 'connect');
  const built = await stack.cli.npm('build:plugin');
  if (built.code !== 0) throw new Error(built.err);
  // The same tables, slot and indices are for one at a time.
  for (const name of CONNECTORS) await stack.cli.run('connectors', 'delete', name, '--yes');

  const secret = JSON.stringify({ username: 'qr_connect', password: PASSWORD });
  const memory = { ...glueMemory(), 'secretsmanager.GetSecretValue': () => ({ SecretString: secret }) };
  aws = await glueServer(() => memory);
  for (const [name, value] of Object.entries(credentialsAt(aws.url))) process.env[name] = value;
  const registry = openGlueRegistry('qr-test');
  for (const { subject, type } of SUBJECTS) await registry.register(subject, schemaTextOf(type));
  publisher = openPublisher({ ...stack.settings, registryUrl: REGISTRY });

  db = new pg.Client({ connectionString: connectPlaces(stack.ports).databaseUrl });
  await db.connect();
  // As docs/aws.md says; RDS has a role for reading the log instead of the attribute.
  await db.query(`CREATE ROLE qr_connect LOGIN REPLICATION PASSWORD '${PASSWORD}'`);
  await db.query(await readFile(join(PROJECT_ROOT, 'connect', 'database-user.sql'), 'utf8'));
});

afterAll(async () => {
  await publisher?.close();
  await db?.end();
  aws?.close();
  await stack?.dispose();
});

/** Starts a worker, and gives it what the stack would give MSK Connect. */
const begin = async (plugins: string): Promise<void> => {
  const whole = withEverything(environment('dev')).connect;
  if (whole?.database === undefined || whole.search === undefined) throw new Error('it has connectors');
  const place = {
    database: { ...whole.database, host: '127.0.0.1', port: stack.ports.postgres, name: DATABASE.name },
    search: { ...whole.search, url: connectPlaces(stack.ports).searchUrl },
  };
  const made = SOURCES.files.map((file) => ({
    name: `qr-dev-${file.name}`,
    ...translated(file, { connectorName: `qr-dev-${file.name}`, region: 'eu-central-1', place }),
  }));
  worker = await mskWorker({
    folder: stack.dataDir,
    kafka: `127.0.0.1:${stack.ports.kafka}`,
    plugins,
    // One for all of them instead of one each.
    settings: { ...Object.assign({}, ...made.map((one) => one.worker)), 'config.providers': 'database,search' },
    env: credentialsAt(aws.url),
  });
  for (const { name, configuration } of made) await openWorker(worker.url).put(name, withoutTls(configuration));
};

const credentialsAt = (url: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL_GLUE: url,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});

/** The database of the stack speaks no TLS. */
const withoutTls = (configuration: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(configuration).map(([field, value]) => [
      field,
      field === 'database.sslmode' ? 'disable' : value.replace('?sslmode=require', ''),
    ]),
  );

const untilRow = (sql: string, value: string): Promise<Record<string, unknown>> =>
  until('the row is there', async () => (await db.query(sql, [value])).rows[0], PATIENT);

describe.each(LAYOUTS)('on the Kafka Connect of MSK Connect, %s', (_, plugins) => {
  beforeAll(async () => begin(await plugins()));
  afterAll(() => worker?.stop());

  it('all connectors run', async () => {
    const names = CONNECTORS.map((name) => `qr-dev-${name}`);
    await untilRunning(openWorker(worker.url), names);
    expect(aws.asked).toContain('secretsmanager.GetSecretValue');
  });

  it('show their secret neither to who asks for their configuration nor in the log', async () => {
    expect(await (await fetch(`${worker.url}/connectors?expand=info`)).text()).not.toContain(PASSWORD);
    expect(await readFile(worker.log, 'utf8')).not.toContain(PASSWORD);
  });

  it('a rollup in Glue’s framing becomes a row', async () => {
    const qrId = `qr-${randomUUID()}`;
    const minute = '2026-11-29T10:00:00.000Z';
    const counts = { scans: 3, visitors: 2, countries: { DE: 3 } };
    await publisher.publish(
      eventOf('analytics.rollup.updated', { qrId, userId: 'user-1', minute, ...counts }, { source: 'test' }),
    );
    expect(await untilRow('SELECT * FROM analytics_rollups WHERE qr_id = $1', qrId)).toMatchObject({
      minute: new Date(minute),
      scans: 3,
      countries: { DE: 3 },
    });
  });

  it('an entry of the ledger becomes a row', async () => {
    const entryId = `entry-${randomUUID()}`;
    const entry = { entryId, customerId: 'cus_1', kind: 'payment', debitAccount: 'cash', creditAccount: 'revenue' };
    const money = { amount: 1_250, currency: 'EUR', paymentId: 'pay_1', providerEventId: entryId };
    await publisher.publish(
      eventOf(
        'payment.ledger.posted',
        { ...entry, ...money, occurredAt: '2026-11-29T10:00:00.000Z' },
        { source: 'test' },
      ),
    );
    expect(await untilRow('SELECT * FROM payment_ledger WHERE entry_id = $1', entryId)).toMatchObject({
      amount: '1250',
    });
  });

  it('what a transaction puts into the outbox is published as it was framed, and found in the index', async () => {
    const actor = `user-${randomUUID()}`;
    const event = eventOf(
      'audit.recorded',
      { actor, action: 'team.member.removed', resource: 'team/42', at: '2026-11-29T10:00:00.000Z' },
      { source: 'test' },
    );
    await openOutbox({ registryUrl: REGISTRY }).transaction(db, (add) => add(event));
    const { hits } = await until(
      'the document is found',
      async () => {
        const found = await documentsOf(connectPlaces(stack.ports).searchUrl, 'audit-*', 'payload.actor', actor);
        return found.total.value > 0 && found;
      },
      PATIENT,
    );
    expect(hits).toMatchObject([{ _id: event.eventId }]);
  });

  it('the outbox makes the topic of its heartbeats, and its slot goes on in a quiet database', async () => {
    const place = async () => {
      const sql = "SELECT confirmed_flush_lsn::text AS place FROM pg_replication_slots WHERE slot_name = 'outbox'";
      return String((await db.query(sql)).rows[0]?.place);
    };
    await until(
      'the topic is there',
      async () => (await stack.cli.run('topics', '--all')).out.includes('__debezium-heartbeat.qr'),
      PATIENT,
    );
    const before = await place();
    await until('the slot has moved', async () => (await place()) !== before, PATIENT);
  });
});
