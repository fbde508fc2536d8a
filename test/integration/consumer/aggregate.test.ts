import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { type Aggregation, closeConnections, createAggregateConsumer, ignore } from '../../../lib/consumer/index.ts';
import { PermanentError, TransientError } from '../../../lib/errors.ts';
import { type EventOf, eventOf } from '../../../lib/events/index.ts';
import { count, countBounded } from '../../../lib/stores/writes.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { testStack } from '../../support/stack.ts';

const keyOf = (owner: string): string => `test:tally:{${owner}}`;
const targetOf = (owner: string) => ({ key: keyOf(owner), expiresAt: Math.ceil(Date.now() / 1_000) + 600 });

/** Counts scans for their code and its owner; actions `bad` are refused, and what `fault` throws fails. */
const fault: { prepare?: Error | undefined; writes?: string | undefined } = {};
const aggregation: Aggregation<'qr.scanned', string> = {
  type: 'qr.scanned',
  additions: async ({ payload: { qrId, userId, action } }) => {
    if (action === 'bad') throw new PermanentError('INVALID_EVENT', 'This action is bad.');
    return [userId, qrId ?? ''].map((owner) => ({ owner, name: 'count', part: owner }));
  },
  prepare: async () => {
    if (fault.prepare !== undefined) throw fault.prepare;
  },
  writes: (owners) => {
    if (owners.some((owner) => owner === fault.writes)) throw new TransientError('REDIS_UNAVAILABLE', 'not now');
    const [owner = ''] = owners;
    return [count([targetOf(owner)], ['n', owners.length])];
  },
};

const { settings } = testStack();
const { connections, batchOf, deliver, deliverBatch, reasons } = deliveryTo(
  'analytics-events',
  (options) =>
    createAggregateConsumer(
      'analytics-events',
      aggregation,
      { 'analytics.rollup.requested': () => undefined, 'analytics.rollup.updated': ignore },
      options,
    ),
  settings,
);
const { redis } = connections;
afterAll(() => closeConnections(connections));

const DONE = { batchItemFailures: [] };

const newOwners = () => {
  const [qrId, userId] = [randomUUID(), randomUUID()];
  return {
    qrId,
    userId,
    scan: (action = 'scan'): EventOf => eventOf('qr.scanned', { qrId, userId, action }, { source: 'test' }),
    counts: async () => (await Promise.all([qrId, userId].map((owner) => redis.hget(keyOf(owner), 'n')))).map(Number),
  };
};

describe('an aggregate consumer', () => {
  it('counts a batch for every owner, an event that is there twice once, and a replay not at all', async () => {
    const { scan, counts } = newOwners();
    const events = [scan(), scan(), scan()];
    const [first = scan()] = events;
    expect(await deliver(...events, first)).toEqual(DONE);
    expect(await counts()).toEqual([3, 3]);
    expect(await deliver(...events, scan())).toEqual(DONE);
    expect(await counts()).toEqual([4, 4]);
  });

  it('counts once what two invocations work at the same time, each with company of its own', async () => {
    const { scan, counts } = newOwners();
    const batch = await batchOf(scan(), scan(), scan(), scan());
    await Promise.all([batch.slice(0, 3), batch.slice(1), batch.slice(1, 3)].map((part) => deliverBatch(part)));
    expect(await counts()).toEqual([4, 4]);
  });

  it('buries what can never be counted, and counts the rest', async () => {
    const { qrId, scan, counts } = newOwners();
    const events = [scan(), scan('bad'), scan()];
    expect(await deliver(...events)).toEqual(DONE);
    expect(await counts()).toEqual([2, 2]);
    expect(await reasons(qrId)).toEqual(['This action is bad.']);
  });

  it('that fails for one owner is done again for that owner, and counts the others once', async () => {
    const [one, other] = [newOwners(), newOwners()];
    const batch = await batchOf(one.scan(), other.scan());
    fault.writes = one.qrId;
    expect((await deliverBatch(batch)).batchItemFailures).toHaveLength(2);
    expect([await one.counts(), await other.counts()]).toEqual([
      [0, 1],
      [1, 1],
    ]);
    fault.writes = undefined;
    expect(await deliverBatch(batch)).toEqual(DONE);
    expect([await one.counts(), await other.counts()]).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('counts nothing of what it could not prepare', async () => {
    const { scan, counts } = newOwners();
    const batch = await batchOf(scan(), scan());
    fault.prepare = new Error('not now');
    expect((await deliverBatch(batch)).batchItemFailures).toHaveLength(2);
    expect(await counts()).toEqual([0, 0]);
    fault.prepare = undefined;
    expect(await deliverBatch(batch)).toEqual(DONE);
    expect(await counts()).toEqual([2, 2]);
  });

  it('goes on when Redis has forgotten its scripts', async () => {
    const { scan, counts } = newOwners();
    await redis.script('FLUSH');
    expect(await deliver(scan(), scan())).toEqual(DONE);
    expect(await counts()).toEqual([2, 2]);
  });
});

describe('names that strangers choose', () => {
  it('have room for so many in a hash, and the rest is counted as other', async () => {
    const owner = randomUUID();
    const bounded: Aggregation<'qr.scanned', string> = {
      ...aggregation,
      additions: async ({ payload }) => [{ owner, name: 'count', part: payload.action }],
      writes: (names) => [
        countBounded(
          [targetOf(owner)],
          2,
          'name',
          names.flatMap((name) => [name, 1]),
        ),
      ],
    };
    const { deliver: send, connections: own } = deliveryTo(
      'analytics-events',
      (options) =>
        createAggregateConsumer(
          'analytics-events',
          bounded,
          { 'analytics.rollup.requested': () => undefined, 'analytics.rollup.updated': ignore },
          options,
        ),
      settings,
    );
    const { scan } = newOwners();
    for (const name of ['a', 'b', 'c', 'd', 'a', 'other']) await send(scan(name));
    expect(await redis.hgetall(keyOf(owner))).toEqual({
      '#name': '2',
      'name:a': '2',
      'name:b': '1',
      'name:other': '3',
    });
    await closeConnections(own);
  });
});
