import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { topic } from '../../../lib/catalog/index.ts';
import {
  type Connections,
  closeConnections,
  createConsumer,
  ignore,
  type MskEvent,
  openConnections,
} from '../../../lib/consumer/index.ts';
import { eventOf } from '../../../lib/events/index.ts';
import { beginRepair, endRepair, forgetLosses, knowledgeOf, readLosses } from '../../../lib/idempotency/index.ts';
import type { Redis } from '../../../lib/stores/redis.ts';
import { newPartition } from '../../support/bookkeeping.ts';
import { contextFor } from '../../support/delivery.ts';
import { type RedisServer, redisServer } from '../../support/redis-cluster.ts';
import { testStack } from '../../support/stack.ts';

const TOPIC = 'analytics-events';
/** A Redis of this file's own: what it loses must not be seen by what looks at the stack's health meanwhile. */
let server: RedisServer;
let connections: Connections;
let redis: Redis;
beforeAll(async () => {
  server = await redisServer();
  const redisUrl = `redis://127.0.0.1:${server.port}`;
  connections = openConnections(topic(TOPIC), { ...testStack().settings, redisUrl, redisMode: undefined });
  redis = connections.redis;
});
beforeEach(() => server.admin.flushdb());
afterAll(async () => {
  await closeConnections(connections);
  await server.stop();
});

/** A function with a memory of its own. */
const newFunction = () => {
  const consume = createConsumer(
    TOPIC,
    {
      'analytics.rollup.requested': ignore,
      'analytics.rollup.updated': ignore,
      'qr.scanned': (_, { tag }) => ({ writes: [['INCR', `test:count:${tag}`]] }),
    },
    { connect: () => connections },
  );
  return (event: MskEvent) => consume(event, contextFor(TOPIC, 30_000));
};

const qrId = randomUUID();

const LONG_AGO = 1_700_000_000_000;

/** Records of a code, at these offsets of a partition. */
const batchOf = async (partition: number, from: number, to: number, begin = LONG_AGO): Promise<MskEvent> => {
  const value = async (i: number) =>
    connections.publisher.codec.encode(
      eventOf(
        'qr.scanned',
        { qrId, userId: 'user-1', action: 'scan' },
        { source: 'test', eventId: idOf(partition, i) },
      ),
    );
  const records = await Promise.all(
    Array.from({ length: to - from }, async (_, i) => ({
      ...{ topic: TOPIC, partition, offset: from + i, timestamp: begin + from + i },
      timestampType: 'CREATE_TIME' as const,
      key: Buffer.from(qrId).toString('base64'),
      value: (await value(from + i)).toString('base64'),
      headers: [],
    })),
  );
  return { eventSource: 'aws:kafka', records: { [`${TOPIC}-${partition}`]: records } };
};

/** The same event at the same offset, whenever it is delivered. */
const ids = new Map<string, string>();
const idOf = (partition: number, offset: number): string => {
  const place = `${partition}/${offset}`;
  const id = ids.get(place) ?? randomUUID();
  ids.set(place, id);
  return id;
};

const count = async (): Promise<number> => Number(await redis.get(`test:count:{${qrId}}`));

/** Every key as it is now. @returns what puts the cache back to that, as a failover does */
const snapshot = async (): Promise<() => Promise<void>> => {
  const { admin } = server;
  const keys = await admin.keys('*');
  const dumps = await Promise.all(keys.map(async (key) => [key, await admin.dumpBuffer(key)] as const));
  return async () => {
    await admin.flushdb();
    await Promise.all(dumps.map(([key, dump]) => admin.restore(key, 0, dump)));
  };
};

describe('a cache that loses its newest writes', () => {
  it('is noticed with the next delivery: a metric, a critical line, and a record for the repair', async () => {
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'CRITICAL');
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
    const said: string[] = [];
    // Where Powertools writes.
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
    const partition = newPartition();
    const consume = newFunction();
    await consume(await batchOf(partition, 0, 5));
    const lose = await snapshot();
    await consume(await batchOf(partition, 5, 10));
    expect(await readLosses(redis)).toEqual([]);
    await lose();
    await consume(await batchOf(partition, 10, 12));
    spy.mockRestore();
    vi.unstubAllEnvs();

    const loss = { topic: TOPIC, partition, known: 4, delivered: 9, at: expect.any(String) };
    expect(await readLosses(redis)).toEqual([loss]);
    const metrics = said.filter((line) => line.includes('"CacheLosses"'));
    expect(metrics).toHaveLength(1);
    expect(JSON.parse(metrics[0] ?? '{}')).toMatchObject({
      CacheLosses: 1,
      service: TOPIC,
      consumerGroup: topic(TOPIC).consumerGroup,
    });
  });

  it('is noticed as well where the topic had been made again, which the cache no longer knows', async () => {
    const partition = newPartition();
    const consume = newFunction();
    await consume(await batchOf(partition, 0, 5));
    const lose = await snapshot();
    await consume(await batchOf(partition, 0, 3, LONG_AGO + 60_000));
    await lose();
    expect(await readLosses(redis)).toEqual([]);
    await consume(await batchOf(partition, 5, 8, LONG_AGO + 60_000));
    expect(await readLosses(redis)).toMatchObject([{ partition, known: 4 }]);
  });

  it('is exact again once what came since is replayed, and tells how much took effect again', async () => {
    const partition = newPartition();
    const consume = newFunction();
    await consume(await batchOf(partition, 0, 5));
    const lose = await snapshot();
    await consume(await batchOf(partition, 5, 10));
    await lose();
    await consume(await batchOf(partition, 10, 12));
    expect(await count()).toBe(7);

    const place = { topic: TOPIC, partition };
    await beginRepair(redis, place, 12);
    for (const from of [3, 6, 9]) await consume(await batchOf(partition, from, from + 3));
    expect(await count()).toBe(12);
    expect(await knowledgeOf(redis, [place])).toEqual([{ high: 11, first: 3, repairedTo: 12, appliedAgain: 5 }]);
    // Another function knows nothing of it, and the last one has nothing more to say.
    await newFunction()(await batchOf(partition, 8, 12));
    await endRepair(redis, place);
    await forgetLosses(redis, ({ topic: name }) => name === 'payment-events');
    expect(await readLosses(redis)).toHaveLength(1);
    await forgetLosses(redis, () => true);
    expect(await readLosses(redis)).toEqual([]);
    expect(await knowledgeOf(redis, [place])).toMatchObject([{ repairedTo: 0, appliedAgain: 0 }]);
    expect(await count()).toBe(12);
  });
});

describe('a repair of a partition', () => {
  it('that is begun again ends where it was to end, and keeps its count', async () => {
    const place = { topic: TOPIC, partition: newPartition() };
    await beginRepair(redis, place, 100);
    await redis.hincrby(`log:{${TOPIC}/${place.partition}}`, 'repaired', 7);
    await beginRepair(redis, place, 40);
    expect(await knowledgeOf(redis, [place])).toMatchObject([{ repairedTo: 100, appliedAgain: 7 }]);
  });

  it('that has ended leaves nothing unknown, and takes no older record for one of a new topic', async () => {
    const partition = newPartition();
    const place = { topic: TOPIC, partition };
    const consume = newFunction();
    await consume(await batchOf(partition, 0, 5));
    // Its group stands at 50, and Kafka has deleted what was in between.
    await beginRepair(redis, place, 50);
    await endRepair(redis, place);
    expect(await knowledgeOf(redis, [place])).toMatchObject([{ high: 49 }]);
    await newFunction()(await batchOf(partition, 50, 52));
    await newFunction()(await batchOf(partition, 3, 8));
    expect(await redis.hget(`log:{${TOPIC}/${partition}}`, 'births')).toBe('');
    expect(await count()).toBe(10);
  });
});
