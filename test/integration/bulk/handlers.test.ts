import { createHash, randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBatch } from '../../../handlers/bulk-qr-processing/batch-state.ts';
import { chunkRequested } from '../../../handlers/bulk-qr-processing/chunk.ts';
import { batchKey, objectKeys } from '../../../handlers/bulk-qr-processing/keys.ts';
import { PLACES } from '../../../handlers/bulk-qr-processing/places.ts';
import { eventOf } from '../../../lib/events/index.ts';
import { entitlementsKey } from '../../../lib/stores/entitlements.ts';
import { scannedPng } from '../../support/qr.ts';
import { testStack } from '../../support/stack.ts';
import {
  batchOf,
  forget,
  handle,
  idsOf,
  itemLines,
  type Lay,
  lay,
  leftovers,
  openWorld,
  run,
  SMALL,
  type World,
  zipOfBatch,
} from './world.ts';

const { settings } = testStack();
let world: World;

beforeAll(async () => {
  world = await openWorld(settings);
});
afterAll(() => world.close());

const contentOf = (files: Map<string, Buffer>, name: string): Buffer => {
  const bytes = files.get(name);
  if (bytes === undefined) throw new Error(`${name} is not in the zip`);
  return bytes;
};

describe('a good batch', () => {
  it('becomes one zip whose codes read back to the items and whose manifest tells their hashes', async () => {
    const items = ['https://example.com/a?b=c,d', 'Grüße, "Welt" 日本', '12345'].map((data, i) => ({
      id: `id-${i}`,
      data,
    }));
    const { batchId, userId, event } = await lay(world, {
      template: { size: 256, fileName: '{index}-{id}' },
      items: items.map((item) => JSON.stringify(item)).join('\n'),
      itemCount: 3,
    });
    const seen = await run([event], world.ports);
    const files = await zipOfBatch(world, batchId);
    const rows: string[][] = parse(contentOf(files, 'manifest.csv'));
    expect(rows).toEqual([
      ['id', 'file', 'sha256', 'data'],
      ...items.map(({ id, data }, i) => {
        const file = `codes/${i + 1}-${id}.png`;
        const bytes = contentOf(files, file);
        expect(scannedPng(bytes)).toBe(data);
        return [id, file, createHash('sha256').update(bytes).digest('hex'), data];
      }),
    ]);
    expect(files.size).toBe(4);
    expect(await readBatch(world.redis, batchId)).toMatchObject({
      userId,
      state: 'completed',
      total: 3,
      done: 3,
      failed: 0,
      zipKey: objectKeys(batchId).zip,
      zipBytes: (await world.objects.head(objectKeys(batchId).zip))?.bytes,
    });
    expect(seen.events.filter(({ eventType }) => eventType === 'bulk.qr.generation.completed')).toMatchObject([
      { payload: { batchId, userId, status: 'completed', itemCount: 3, succeeded: 3, failed: 0 } },
    ]);
    expect(seen.updates.at(0)).toMatchObject({
      userId,
      type: 'bulk.qr.progress',
      data: { state: 'planned', total: 3 },
    });
    expect(seen.updates.at(-1)).toMatchObject({ userId, type: 'bulk.qr.completed', data: { batchId, done: 3 } });
    expect(seen.rejected).toEqual([]);
    expect(await leftovers(world, batchId)).toEqual([]);
  });

  it('is the same zip, byte for byte, when it is made again', async () => {
    const zips = [];
    const requestedAt = new Date().toISOString();
    for (let i = 0; i < 2; i++) {
      const { batchId, event } = await lay(world, { template: SMALL, items: itemLines(5), itemCount: 5 });
      await run([{ ...event, timestamp: requestedAt }], world.ports);
      zips.push(await world.objects.get(objectKeys(batchId).zip));
    }
    expect(zips[0]).toEqual(zips[1]);
  });
});

describe('items that cannot be encoded', () => {
  it('stand in errors.csv with their reasons, and the batch completes with errors', async () => {
    const items = [
      '{"id":"good","data":"A"}',
      '{"id":"=cmd()","data":""}',
      'not json',
      `{"id":"long","data":"${'x'.repeat(3_000)}"}`,
      '{"id":"good","data":"again"}',
    ];
    const { batchId, event } = await lay(world, { template: SMALL, items: items.join('\n'), itemCount: 5 });
    const seen = await run([event], world.ports);
    const files = await zipOfBatch(world, batchId);
    expect([...files.keys()].sort()).toEqual(['codes/good.png', 'errors.csv', 'manifest.csv']);
    const rows: string[][] = parse(contentOf(files, 'errors.csv'));
    expect(rows.map(([line, id]) => [line, id])).toEqual([
      ['line', 'id'],
      ['2', "'=cmd()"],
      ['3', ''],
      ['4', 'long'],
      ['5', 'good'],
    ]);
    expect(rows[3]?.[2]).toBe('the data is too long for a QR code: 3000 bytes, and level L holds 2953 at most');
    expect(await batchOf(world, batchId)).toMatchObject({ state: 'completed_with_errors', done: 1, failed: 4 });
    expect(seen.events.at(-1)).toMatchObject({ payload: { status: 'completed_with_errors', succeeded: 1, failed: 4 } });
  });

  it('may be all there are: the zip then holds the tables alone', async () => {
    const { batchId, event } = await lay(world, { template: SMALL, items: '{}\n{}', itemCount: 2 });
    await run([event], world.ports);
    expect([...(await zipOfBatch(world, batchId)).keys()]).toEqual(['manifest.csv', 'errors.csv']);
    expect(await batchOf(world, batchId)).toMatchObject({ state: 'completed_with_errors', done: 0, failed: 2 });
  });
});

describe('a batch that cannot be made', () => {
  const CASES: readonly [why: string, given: Lay, reason: RegExp][] = [
    ['no items', { template: SMALL, itemCount: 1 }, /neither items.ndjson nor items.csv/],
    [
      'two items files',
      { template: SMALL, items: '{}', csv: 'id,data', itemCount: 1 },
      /both items.ndjson and items.csv/,
    ],
    ['another number of items', { template: SMALL, items: itemLines(2), itemCount: 3 }, /holds 2 items, .* says 3/],
    ['an unknown template', { items: itemLines(1), itemCount: 1 }, /There is no template/],
    ['a template that is wrong', { template: { size: 'big' }, items: itemLines(1), itemCount: 1 }, /size must be/],
    [
      'a contrast too low to scan',
      { template: { ...SMALL, foreground: '#999', background: '#fff' }, items: itemLines(1), itemCount: 1 },
      /contrast of 2.8, too low/,
    ],
    [
      'a logo that is not there',
      { template: { ...SMALL, logo: { key: 'logos/none.png' } }, items: itemLines(1), itemCount: 1 },
      /logo is not there/,
    ],
    [
      "a logo that is not this user's",
      { template: { ...SMALL, logo: { key: 'files/another/f1/logo-1024.png' } }, items: itemLines(1), itemCount: 1 },
      /logo is none of this user's files/,
    ],
    [
      'a logo that is no logo but a batch',
      { template: { ...SMALL, logo: { key: 'batches/another/codes.zip' } }, items: itemLines(1), itemCount: 1 },
      /logo is none of this user's files/,
    ],
    ['CSV without its columns', { template: SMALL, csv: 'a,b\n1,2', itemCount: 1 }, /no column id/],
    ['too many items', { template: SMALL, itemCount: 250_001 }, /250000 items, not 250001/],
    ['an id that leads elsewhere', { batchId: `../${randomUUID()}`, itemCount: 1 }, /batchId may hold only/],
  ];

  it.each(CASES)(
    'because of %s fails with the reason, to the user and to the dead-letter queue',
    async (_, given, reason) => {
      const { batchId, userId, event } = await lay(world, given);
      const seen = await run([event], world.ports);
      expect(await batchOf(world, batchId)).toMatchObject({
        state: 'failed',
        userId,
        reason: expect.stringMatching(reason),
      });
      expect(seen.rejected.map(({ message }) => message)).toEqual([expect.stringMatching(reason)]);
      expect(seen.events).toMatchObject([
        { eventType: 'bulk.qr.generation.failed', payload: { batchId, userId, reason: expect.stringMatching(reason) } },
      ]);
      expect(seen.updates).toMatchObject([
        { userId, type: 'bulk.qr.failed', data: { reason: expect.stringMatching(reason) } },
      ]);
      expect(await leftovers(world, batchId)).toEqual([]);
    },
  );

  it('of nobody is only rejected: there is no stream to tell it on', async () => {
    for (const userId of ['', 'x'.repeat(201), 'line\nbreak', '\ud800']) {
      const { event } = await lay(world, { userId, itemCount: 1 });
      const seen = await run([event], world.ports);
      expect(seen).toMatchObject({ events: [], updates: [], rejected: [{ code: 'BATCH_INVALID' }] });
    }
  });
});

describe('a batch that is requested again', () => {
  const again = { template: SMALL, items: itemLines(3), itemCount: 3 };

  it('after completion stays as it is', async () => {
    const { batchId, userId, event } = await lay(world, again);
    await run([event], world.ports);
    const before = await batchOf(world, batchId);
    const second = await lay(world, { ...again, batchId, userId });
    const seen = await run([second.event], world.ports);
    expect(await batchOf(world, batchId)).toEqual(before);
    expect(seen).toMatchObject({ events: [], rejected: [] });
  });

  it('by another user, or with another item count, is refused, and the first user hears nothing of it', async () => {
    const { batchId, userId, event } = await lay(world, again);
    await run([event], world.ports);
    const before = await batchOf(world, batchId);
    for (const other of [{}, { userId, itemCount: 4 }]) {
      const { event: stranger } = await lay(world, { ...again, ...other, batchId });
      const seen = await run([stranger], world.ports);
      expect(seen).toMatchObject({ events: [], updates: [], rejected: [{ code: 'RULE_VIOLATED' }] });
    }
    expect(await batchOf(world, batchId)).toEqual(before);
  });

  it('by another user after it failed is refused as well', async () => {
    const { batchId, event } = await lay(world, { template: SMALL, itemCount: 3 });
    await run([event], world.ports);
    const { event: stranger } = await lay(world, { ...again, batchId });
    const seen = await run([stranger], world.ports);
    expect(seen).toMatchObject({ events: [], updates: [], rejected: [{ code: 'RULE_VIOLATED' }] });
    expect(await batchOf(world, batchId)).toMatchObject({ state: 'failed', attempt: 1 });
  });

  it('after it failed, with the items corrected, completes', async () => {
    const { batchId, userId, event } = await lay(world, { template: SMALL, items: itemLines(2), itemCount: 3 });
    await run([event], world.ports);
    const second = await lay(world, { ...again, batchId, userId });
    const seen = await run([second.event], world.ports);
    expect(await batchOf(world, batchId)).toMatchObject({ state: 'completed', attempt: 2, done: 3 });
    expect(idsOf(seen.events, 'bulk.qr.generation.completed')).toHaveLength(1);
    expect((await zipOfBatch(world, batchId)).size).toBe(4);
    expect(await leftovers(world, batchId)).toEqual([]);
  });

  it('by its own dead letter put back, with the same event id, completes', async () => {
    const { batchId, event } = await lay(world, { template: SMALL, items: itemLines(2), itemCount: 3 });
    const first = await run([event], world.ports);
    const second = await run([event], world.ports);
    await world.objects.put(objectKeys(batchId).itemsNdjson, itemLines(3));
    await run([event], world.ports);
    expect(await batchOf(world, batchId)).toMatchObject({ state: 'completed', attempt: 3, done: 3 });
    // Each attempt that failed was news.
    expect(idsOf([...first.events, ...second.events], 'bulk.qr.generation.failed')).toHaveLength(2);
    expect(await leftovers(world, batchId)).toEqual([]);
  });

  it('starts over, whatever chunks and objects an earlier attempt has left behind', async () => {
    const { batchId, userId, event } = await lay(world, again);
    // The batch failed while its chunks were under way: they arrive when the next attempt has not yet got its plan.
    await world.objects.put(objectKeys(batchId).plan, JSON.stringify({ attempt: 1 }));
    await world.redis.hset(batchKey(batchId), {
      userId,
      state: 'planned',
      attempt: 2,
      total: 3,
      chunks: 0,
      chunksDone: 0,
    });
    const stray = eventOf('bulk.qr.chunk.requested', { batchId, userId, chunk: 0 }, { source: 'test' });
    expect(await chunkRequested(stray, world.ports)).toEqual({ events: [], updates: [] });
    expect(await batchOf(world, batchId)).toMatchObject({ state: 'planned', attempt: 2 });
    await run([event], world.ports);
    expect(await batchOf(world, batchId)).toMatchObject({ state: 'completed', attempt: 2, done: 3 });
  });
});

describe('the plan of a user', () => {
  it('says how many items a batch may have, and the user is told which plan allows what', async () => {
    const given = { template: SMALL, items: itemLines(1_001), itemCount: 1_001 };
    const { batchId, userId, event } = await lay(world, given);
    await world.redis.hset(entitlementsKey(userId), 'plan', 'free', 'seats', 1);
    const seen = await run([event], world.ports, { marks: true, copies: () => 2 });
    const reason = 'The plan free allows 1000 items in a batch, and this one has 1001';
    expect(seen.rejected).toMatchObject([{ code: 'RULE_VIOLATED', message: reason }]);
    expect(seen.events).toMatchObject([
      { eventType: 'bulk.qr.generation.failed', payload: { batchId, userId, code: 'RULE_VIOLATED', reason } },
    ]);
    expect(seen.updates).toMatchObject([{ userId, type: 'bulk.qr.failed', data: { code: 'RULE_VIOLATED', reason } }]);
    expect(await leftovers(world, batchId)).toEqual([]);
    // After an upgrade the same batch may be requested again.
    await world.redis.hset(entitlementsKey(userId), 'plan', 'pro');
    await run([(await lay(world, { ...given, batchId, userId })).event], world.ports);
    expect(await batchOf(world, batchId)).toMatchObject({ state: 'completed', done: 1_001 });
  });
});

it("a user's batches can be erased, whatever they have become, and nobody else's go with them", async () => {
  const userId = `user-${randomUUID()}`;
  const done = await lay(world, { template: SMALL, items: itemLines(2), itemCount: 2, userId });
  const open = await lay(world, { template: SMALL, items: itemLines(2), itemCount: 2, userId });
  const other = await lay(world, { template: SMALL, items: itemLines(2), itemCount: 2, userId: `${userId}0` });
  await run([done.event, other.event], world.ports);
  await handle(open.event, world.ports);
  await forget(world, done.batchId);
  const stores = { redis: world.redis, objects: world.objects, signal: new AbortController().signal };
  const erase = () => Promise.all(PLACES.map((place) => place.erase(userId, stores)));
  expect(await erase()).toEqual([2]);
  expect(await erase()).toEqual([0]);
  for (const { batchId } of [done, open]) {
    expect(await world.objects.list(`batches/${batchId}/`)).toEqual([]);
    expect(await world.redis.exists(`batch:{${batchId}}`)).toBe(0);
  }
  expect(await zipOfBatch(world, other.batchId)).toBeDefined();
});
