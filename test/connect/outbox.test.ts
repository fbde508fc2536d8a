import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTotals } from '../../handlers/analytics-events/analytics-state.ts';
import { eventOf, headerText, openOutbox, openPublisher } from '../../lib/events/index.ts';
import { partitionOf } from '../../lib/kafka/index.ts';
import { connectPlaces } from '../../lib/local/connect-places.ts';
import { type LogRecord, readTopic } from '../../lib/operations/reader.ts';
import { openRedis, type Redis } from '../../lib/stores/redis.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { until } from '../support/until.ts';

let stack: OwnStack;
let redis: Redis;
let db: pg.Client;

const TOPIC = 'analytics-events';
const PATIENT = { timeoutMs: 90_000 };

const connected = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: connectPlaces(stack.ports).databaseUrl });
  // A server that is killed ends it; what is asked then fails by itself.
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

beforeAll(async () => {
  stack = await ownStack('connect');
  const begun = performance.now();
  await stack.start('--with', 'connect');
  console.log(`stack with Connect up after ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  redis = openRedis(stack.settings);
  db = await connected();
  await db.query('CREATE TABLE visit (id uuid PRIMARY KEY)');
});

afterAll(async () => {
  redis?.disconnect();
  await db?.end().catch(() => undefined);
  await stack?.dispose();
});

const newCode = () => {
  const qrId = `qr-${randomUUID()}`;
  return {
    qrId,
    scan: () => eventOf('qr.scanned', { qrId, userId: 'user-1', action: 'scan' }, { source: 'test' }),
    scans: async (): Promise<number> => (await readTotals(redis, { kind: 'code', id: qrId })).scans,
  };
};

/** The scans on the topic with this key, once there are so many. Rollups of the code have the same key. */
const recordsOf = async (key: string, count: number): Promise<readonly LogRecord[]> => {
  let found: LogRecord[] = [];
  await until(
    `${count} records of ${key} are on the topic`,
    async () => {
      found = [];
      await readTopic(stack.settings, TOPIC, { from: 'beginning', untilEnd: true }, (record) => {
        const isOne = record.key?.toString() === key && headerText(record.headers, 'event-type') === 'qr.scanned';
        if (isOne) found.push(record);
      });
      return found.length >= count;
    },
    PATIENT,
  );
  return found;
};

const headersOf = ({ headers }: LogRecord): Record<string, string> =>
  Object.fromEntries(headers.map(([name, value]) => [name, String(value)]));

describe('an event in the outbox', () => {
  it('reaches its handler when the transaction commits, and its effect is seen', async () => {
    const outbox = openOutbox(stack.settings);
    const published = async (): Promise<number> => {
      const { scan, scans } = newCode();
      const begun = performance.now();
      await outbox.transaction(db, async (add) => {
        await db.query('INSERT INTO visit VALUES ($1)', [randomUUID()]);
        await add(scan());
      });
      await until('the scan is counted', async () => (await scans()) === 1, PATIENT);
      return Math.round(performance.now() - begun);
    };
    // The first starts the function, which takes its own time.
    const [first, ...times] = [await published(), await published(), await published(), await published()];
    console.log(`from the transaction to the handler’s effect: first ${first} ms, then ${times.join(', ')} ms`);
  });

  it('is never published when the transaction rolls back, and neither is the service’s own change there', async () => {
    const [gone, kept] = [newCode(), newCode()];
    const outbox = openOutbox(stack.settings);
    const id = randomUUID();
    const failing = outbox.transaction(db, async (add) => {
      await db.query('INSERT INTO visit VALUES ($1)', [id]);
      await add(gone.scan());
      throw new Error('no room');
    });
    await expect(failing).rejects.toThrow('no room');
    await outbox.transaction(db, async (add) => add(kept.scan()));
    await until('the later scan is counted', async () => (await kept.scans()) === 1, PATIENT);
    expect(await gone.scans()).toBe(0);
    expect((await db.query('SELECT 1 FROM visit WHERE id = $1', [id])).rows).toEqual([]);
  });

  it('lies on the topic as the publisher would have put it: value, key, partition and headers', async () => {
    const { qrId, scan } = newCode();
    const event = scan();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const outbox = openOutbox(stack.settings);
    await outbox.transaction(db, (add) => add(event), { traceparent });
    const [record] = await recordsOf(qrId, 1);
    expect(record && headersOf(record)).toEqual({
      'event-type': 'qr.scanned',
      'event-id': event.eventId,
      'correlation-id': event.correlationId,
      'content-type': 'application/vnd.confluent.avro',
      traceparent,
    });
    const shown = await stack.cli.run('consume', TOPIC, 'from-beginning', '--until-end', '--json');
    const lines = shown.out.split('\n').flatMap((line) => (line.includes(event.eventId) ? [JSON.parse(line)] : []));
    expect(lines).toMatchObject([
      { key: qrId, partition: partitionOf(Buffer.from(qrId), 50), format: 'avro', value: { eventId: event.eventId } },
    ]);
  });

  it('may be JSON of a service in another language, which comes through untouched and is counted once', async () => {
    const { qrId, scans } = newCode();
    const text = `{ "qrId":"${qrId}",  "userId":"user-1", "action":"scan", "country":null }`;
    await db.query("INSERT INTO outbox (topic, key, event_type, payload) VALUES ($1, $2, 'qr.scanned', $3)", [
      TOPIC,
      qrId,
      Buffer.from(text),
    ]);
    const [record] = await recordsOf(qrId, 1);
    expect(record?.value?.toString()).toBe(text);
    expect(record && headersOf(record)).toMatchObject({ 'content-type': 'application/json' });
    // Published again, as Connect may do after a crash, it is the same event.
    const publisher = openPublisher(stack.settings, { clientId: 'test' });
    const { key = null, value = null, headers = [] } = record ?? {};
    await publisher.publishRaw([{ topic: TOPIC, key, value, headers }]);
    await publisher.close();
    const next = newCode();
    await openOutbox(stack.settings).transaction(db, (add) => add(next.scan()));
    await until('all is counted', async () => (await scans()) >= 1 && (await next.scans()) === 1, PATIENT);
    await recordsOf(qrId, 2);
    expect(await scans()).toBe(1);
  });

  it.each([
    ['for a topic that is not in the catalog', 'analytics-event', 'k', '{}', /outbox_topic_of_catalog/],
    ['without a key', TOPIC, '', '{}', /outbox_key_check/],
    ['that is no JSON', TOPIC, 'k', '{"a', /invalid input syntax for type json/],
    ['that is neither JSON nor framed', TOPIC, 'k', 'hello', /outbox_payload_check/],
    [
      'whose key makes it larger than the broker takes',
      TOPIC,
      'k'.repeat(250_000),
      `{"a":"${'x'.repeat(890_000)}"}`,
      /outbox_record_fits/,
    ],
    ['that is larger than the broker takes', TOPIC, 'k', `{"a":"${'x'.repeat(900_000)}"}`, /outbox_payload_check/],
  ])('%s is refused where it is written', async (_, topic, key, payload, message) => {
    const inserting = db.query(
      "INSERT INTO outbox (topic, key, event_type, payload) VALUES ($1, $2, 'qr.scanned', $3)",
      [topic, key, Buffer.from(payload)],
    );
    await expect(inserting).rejects.toThrow(message);
  });

  it('leaves no row behind', async () => {
    expect((await db.query('SELECT count(*)::int AS rows FROM outbox')).rows).toEqual([{ rows: 0 }]);
  });
});

describe('the slot', () => {
  it('moves on while nothing is written to the outbox, so that the log does not grow', async () => {
    // Much that is nothing to the outbox.
    await db.query('CREATE TABLE other AS SELECT generate_series(1, 20000) AS n, repeat($1, 100) AS text', ['x']);
    await until(
      'the slot has come near the end of the log',
      async () => {
        const { slots } = await stack.cli.json<{ slots: { name: string; lagBytes: number }[] }>('connectors', 'list');
        return slots.some(({ name, lagBytes }) => name === 'outbox' && lagBytes < 100_000);
      },
      { ...PATIENT, everyMs: 1_000 },
    );
  });
});

describe('Connect and PostgreSQL killed at work', () => {
  it.each([
    ['Connect', 'connect'],
    ['PostgreSQL', 'postgres'],
  ])('%s, and started again: nothing committed is lost, and nothing is counted twice', async (_, service) => {
    const { qrId, scan, scans } = newCode();
    const outbox = openOutbox(stack.settings);
    let client = await connected();
    let committed = 0;
    const write = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += 1) {
        await outbox.transaction(client, (add) => add(scan()));
        committed += 1;
      }
    };
    await write(100);
    await stack.kill(service);
    // With Connect away the service goes on; with the database away it cannot.
    if (service === 'connect') await write(100);
    const { code } = await stack.cli.run('health');
    expect(code).toBe(1);
    await stack.start();
    await client.end().catch(() => undefined);
    client = await connected();
    await write(50);
    await until('all scans are counted', async () => (await scans()) >= committed, PATIENT);
    const ids = (await recordsOf(qrId, committed)).map((record) => headersOf(record)['event-id']);
    expect(new Set(ids).size).toBe(committed);
    console.log(`${service} killed: ${committed} committed, ${ids.length} records, ${await scans()} counted`);
    expect(await scans()).toBe(committed);
    await client.end();
    await db.end().catch(() => undefined);
    db = await connected();
  });
});
