import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { openOutbox } from '../../../lib/events/index.ts';
import { until } from '../../support/until.ts';
import { DONE, newCode, newWorld, timeAt } from '../analytics-events/world.ts';
import { newAudit, newPayment, newScan, openWorld, PATIENT, rollup, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(() => world?.close());

const revisions = async (qrId: string): Promise<number[]> =>
  (await world.rows('SELECT revision FROM analytics_rollups WHERE qr_id = $1', qrId)).map(({ revision }) =>
    Number(revision),
  );

describe('an event in the outbox', () => {
  it('reaches its handler within two seconds, and its effect is seen', async () => {
    const outbox = openOutbox(world.settings);
    const counted = async (): Promise<number> => {
      const qrId = randomUUID();
      const begun = performance.now();
      await outbox.transaction(world.db(), (add) => add(newScan(qrId)));
      await until('the scan is counted', async () => (await world.scansOf(qrId)) === 1, PATIENT);
      return performance.now() - begun;
    };
    // The first may have to start the function; of the others a busy machine may delay one.
    await counted();
    expect(Math.min(await counted(), await counted())).toBeLessThan(2_000);
  });
});

describe('a rollup', () => {
  it('reaches PostgreSQL from the handler that made it: times as times, maps as JSON', async () => {
    const analytics = newWorld();
    const { qrId, userId, scan } = newCode();
    expect(await analytics.deliver(scan({ country: 'DE' }), scan({ country: 'FR' }))).toEqual(DONE);
    expect(await analytics.deliver(analytics.request(1))).toEqual(DONE);
    await closeConnections(analytics.connections);
    await until('its row is there', async () => (await revisions(qrId)).length === 1, PATIENT);
    expect(await world.rows('SELECT * FROM analytics_rollups WHERE qr_id = $1', qrId)).toMatchObject([
      { user_id: userId, minute: new Date(timeAt(0)), revision: 2, scans: 2, bots: 0, countries: { DE: 1, FR: 1 } },
    ]);
  });

  it('never goes back: an older revision that comes later changes nothing', async () => {
    const qrId = randomUUID();
    await world.publisher.publish(rollup(qrId, 5), rollup(qrId, 3), rollup(qrId, 5, { visitors: 9 }));
    // Of the same key, and so after them.
    await world.publisher.publish(rollup(qrId, 1, { minute: '2026-01-01T00:01:00.000Z' }));
    await until('both minutes are there', async () => (await revisions(qrId)).length === 2, PATIENT);
    expect((await revisions(qrId)).sort()).toEqual([1, 5]);
    expect(await world.rows('SELECT DISTINCT visitors FROM analytics_rollups WHERE qr_id = $1', qrId)).toEqual([
      { visitors: 1 },
    ]);
  });

  it('that PostgreSQL could never take is a dead letter with Connect’s reason, and the sink goes on', async () => {
    const qrId = randomUUID();
    const [bad] = await world.publisher.publish(rollup(qrId, 1, { minute: 'yesterday' }), rollup(qrId, 2));
    await until('the next one is there', async () => (await revisions(qrId)).length === 1, PATIENT);
    const letter = await until('it is among the dead letters', () => world.letterOf(bad), PATIENT);
    expect(letter).toMatchObject({
      shape: 'connect',
      consumer: 'connect-rollups',
      message: expect.stringContaining('minute is no time in ISO 8601'),
    });

    const { payload } = rollup(qrId, 3, { minute: '2026-01-01T00:03:00.000Z' });
    await world.redriven(letter, payload);
    await until('the patched one is there', async () => (await revisions(qrId)).includes(3), PATIENT);
    // Connect commits its offsets every five seconds.
    await until('its letter is done', async () => (await world.statusOf(letter)) === 'done', PATIENT);
  });
});

describe('a payment', () => {
  it('is in the ledger of the database once it is booked, balanced, and nobody can change it', async () => {
    const customerId = `cus_${randomUUID()}`;
    await world.publisher.publish(newPayment(customerId, 1_250), newPayment(customerId, 50));
    const balances = () =>
      world.rows('SELECT account, balance FROM payment_balances WHERE customer_id = $1 ORDER BY account', customerId);
    await until('both are booked', async () => (await balances())[0]?.balance === '1300', PATIENT);
    expect(await balances()).toEqual([
      { account: 'cash', balance: '1300' },
      { account: 'revenue', balance: '-1300' },
    ]);
    for (const change of ['UPDATE payment_ledger SET amount = 1', 'DELETE FROM payment_ledger']) {
      await expect(world.rows(`${change} WHERE customer_id = $1`, customerId)).rejects.toThrow(/append-only/);
    }
  });
});

describe('an audit record', () => {
  it('is found by a query of Elasticsearch', async () => {
    const actor = `user-${randomUUID()}`;
    const event = newAudit(actor);
    await world.publisher.publish(event);
    await until('it is found', async () => (await world.auditsOf(actor)).length > 0, PATIENT);
    expect(await world.auditsOf(actor)).toEqual([event.eventId]);
  });
});

describe('a replay from the beginning', () => {
  it.each([
    ['rollups', 'SELECT * FROM analytics_rollups ORDER BY qr_id, minute'],
    ['ledger', 'SELECT * FROM payment_ledger ORDER BY entry_id'],
  ])('of %s leaves its table as it was', async (sink, rows) => {
    const before = await world.rows(rows);
    await world.replay(sink);
    expect(await world.rows(rows)).toEqual(before);
    expect(before).not.toEqual([]);
  });
});

describe('Connect, PostgreSQL and the search server, killed at work and started again', () => {
  it('lose nothing and double nothing, of the outbox, the rollups, the ledger and the index', async () => {
    const outbox = openOutbox(world.settings);
    const [qrId, customerId] = [randomUUID(), `cus_${randomUUID()}`];
    const codes = Array.from({ length: 60 }, () => randomUUID());
    const actor = `user-${randomUUID()}`;
    const audits = Array.from({ length: 20 }, () => newAudit(actor));
    const work = async (from: number): Promise<void> => {
      await world.publisher.publish(
        ...(from === 0 ? audits.slice(0, 10) : audits.slice(10)),
        ...codes.slice(from, from + 30).map((code) => rollup(code, 1)),
        ...Array.from({ length: 5 }, () => newPayment(customerId, 100)),
      );
    };
    const insert = (count: number): Promise<void> =>
      outbox.transaction(world.db(), (add) => add(...Array.from({ length: count }, () => newScan(qrId))));
    await insert(20);
    await work(0);
    await world.kill('connect', 'postgres', 'search');
    // Meanwhile the functions go on.
    await work(30);
    await world.start();
    await insert(20);
    await until('the outbox is published', async () => (await world.scansOf(qrId)) >= 40, PATIENT);
    const ledger = () => world.rows('SELECT amount FROM payment_ledger WHERE customer_id = $1', customerId);
    const rollups = () => world.rows('SELECT 1 FROM analytics_rollups WHERE qr_id = ANY ($1)', codes);
    await until('all rows are there', async () => (await ledger()).length + (await rollups()).length >= 70, PATIENT);
    await until('all audit records are found', async () => (await world.auditsOf(actor)).length >= 20, PATIENT);
    expect([...(await world.auditsOf(actor))].sort()).toEqual(audits.map(({ eventId }) => eventId).sort());
    expect([await world.scansOf(qrId), (await rollups()).length, (await ledger()).length]).toEqual([40, 60, 10]);
    expect(await world.rows('SELECT 1 FROM payment_ledger_refused')).toEqual([]);
  }, 180_000);
});
