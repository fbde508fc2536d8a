import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../handlers/audit-logs/chain-state.ts';
import { linesOf } from '../../../handlers/audit-logs/segment.ts';
import { writeSegments } from '../../../handlers/audit-logs/write.ts';
import { topic } from '../../../lib/catalog/index.ts';
import {
  type Connections,
  closeConnections,
  createPartitionConsumer,
  type MskEvent,
  openConnections,
} from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { eventOf } from '../../../lib/events/index.ts';
import { readTopic } from '../../../lib/operations/reader.ts';
import { contextFor } from '../../support/delivery.ts';
import { redisServer } from '../../support/redis-cluster.ts';
import { testStack } from '../../support/stack.ts';

// A Redis of its own: the stack's keeps books of the partition whose offsets are made up here.
const server = await redisServer();
const { settings: ofStack } = testStack();
const settings = { ...ofStack, redisUrl: `redis://127.0.0.1:${server.port}`, redisMode: undefined };
const TOPIC = 'audit-logs';
const connections = openConnections(topic(TOPIC), settings);
const { redis, objects, publisher } = connections;

/** Redis loses what it knew of a log. */
const forget = async (prefix: string): Promise<void> => {
  const keys = (await redis.keys('*')).filter(
    (key) => key.includes(prefix) || key.includes(prefix.split('/')[1] ?? '-'),
  );
  // One by one: they need not lie in one slot.
  await Promise.all(keys.map((key) => redis.del(key)));
};
afterAll(async () => {
  await closeConnections(connections);
  await server.stop();
});

const context = contextFor(TOPIC);

/** A log of its own: a prefix nobody else has, and ten records with a gap between each; more of them after a restart. */
const newLog = async () => {
  const id = randomUUID();
  const prefix = `audit-test/${id}/`;
  const values = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      publisher.codec.encode(
        eventOf(
          'audit.recorded',
          {
            actor: id,
            action: 'team.changed',
            resource: `team/${i}`,
            after: '{"token":"hidden"}',
            at: '2026-01-01T00:00:00Z',
          },
          { source: 'test' },
        ),
      ),
    ),
  );
  // Offsets nobody else has: dead letters are marked by their place.
  const start = Math.floor(Math.random() * 1e12);
  const batch = (from: number, to: number, bad?: number, restart = 0): MskEvent => ({
    eventSource: 'aws:kafka',
    records: {
      [`${TOPIC}-0`]: values.slice(from, to).map((value, i) => ({
        topic: TOPIC,
        partition: 0,
        offset: start + (from + i - restart) * 2,
        timestamp: Date.now(),
        key: Buffer.from(id).toString('base64'),
        value: (from + i === bad ? Buffer.from('no event') : value).toString('base64'),
        headers: [],
      })),
    },
  });
  const consume = (event: MskEvent, others: Partial<Connections> = {}) =>
    createPartitionConsumer(TOPIC, writeSegments(prefix), { connect: () => ({ ...connections, ...others }) })(
      event,
      context,
    );
  const resources = async () => {
    const keys = await objects.list(prefix);
    const bodies = await Promise.all(keys.map((key) => objects.get(key)));
    return bodies.flatMap((bytes) =>
      linesOf(bytes ?? Buffer.of())
        .slice(1)
        .map((line) => /team\/\d+/.exec(JSON.stringify(line))?.[0]),
    );
  };
  const verify = () => verifyAudit({ redis, objects }, 1, prefix);
  return { id, prefix, batch, consume, resources, verify };
};

const teams = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `team/${from + i}`);
/** Something to wait for until somebody lets it pass. */
const gate = () => {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
};
const broken = new TransientError('OBJECT_STORE_UNAVAILABLE', 'cut off by the test');

describe('audit records', () => {
  it('are written as chained segments without their secrets, and a replay changes nothing', async () => {
    const { batch, consume, resources, verify, prefix } = await newLog();
    for (const [from, to] of [
      [0, 4],
      [4, 10],
      [0, 4],
      [4, 10],
    ] as const) {
      expect(await consume(batch(from, to))).toEqual({ batchItemFailures: [] });
    }
    expect(await resources()).toEqual(teams(0, 10));
    expect(await verify()).toMatchObject({ ok: true, partitions: [{ segments: 2, records: 10, endKnown: true }] });
    const [key = ''] = await objects.list(prefix);
    expect(JSON.stringify(linesOf((await objects.get(key)) ?? Buffer.of()))).not.toContain('hidden');
  });

  it('that cannot be decoded go to the dead-letter queue, and the others are written', async () => {
    const { id, batch, consume, resources } = await newLog();
    expect(await consume(batch(0, 3, 1))).toEqual({ batchItemFailures: [] });
    expect(await resources()).toEqual(['team/0', 'team/2']);
    let letters = 0;
    await readTopic(settings, 'dead-letter-queue', { from: 'beginning', untilEnd: true }, ({ key }) => {
      if (key?.toString() === id) letters += 1;
    });
    expect(letters).toBe(1);
  });

  it('are neither lost nor doubled when the write fails before the store has it', async () => {
    const { batch, consume, resources, verify } = await newLog();
    const putNew = async () => Promise.reject(broken);
    expect((await consume(batch(0, 5), { objects: { ...objects, putNew } })).batchItemFailures).toHaveLength(5);
    await consume(batch(0, 7));
    expect(await resources()).toEqual(teams(0, 7));
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('are neither lost nor doubled when the function died after the write, and come again in other batches', async () => {
    const { batch, consume, resources, verify } = await newLog();
    await consume(batch(0, 2));
    const putNew: Connections['objects']['putNew'] = async (...all) => {
      await objects.putNew(...all);
      throw broken;
    };
    expect((await consume(batch(2, 6), { objects: { ...objects, putNew } })).batchItemFailures).toHaveLength(4);
    expect(await verify()).toMatchObject({ ok: false, findings: [{ kind: 'added' }] });
    await consume(batch(2, 4));
    await consume(batch(4, 10));
    expect(await resources()).toEqual(teams(0, 10));
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('are neither lost nor doubled when an invocation that was given up still writes, with other records in its batch', async () => {
    for (const [late, next] of [
      [5, 3],
      [3, 5],
      [4, 4],
    ] as const) {
      const { batch, consume, resources, verify } = await newLog();
      const reached = gate();
      const released = gate();
      const putNew: Connections['objects']['putNew'] = async (...all) => {
        reached.open();
        await released.passed;
        return objects.putNew(...all);
      };
      const given = consume(batch(0, late), { objects: { ...objects, putNew } });
      await reached.passed;
      await consume(batch(0, next));
      released.open();
      await given;
      await consume(batch(0, 7));
      expect(await resources()).toEqual(teams(0, 7));
      expect(await verify()).toMatchObject({ ok: true });
    }
  });

  it('of a topic that was made anew, whose offsets begin again, are written after the old ones, and told apart from a replay', async () => {
    const { batch, consume, resources, verify, prefix } = await newLog();
    await consume(batch(0, 6));
    // The same offsets, other events.
    const anew = (from: number, to: number) => batch(10 + from, 10 + to, undefined, 10);
    await consume(anew(0, 4));
    await consume(anew(4, 10));
    const all = [...teams(0, 6), ...teams(10, 20)];
    expect(await resources()).toEqual(all);
    expect(await verify()).toMatchObject({ ok: true, partitions: [{ segments: 3, records: 16, restarts: 1 }] });
    await forget(prefix);
    await consume(anew(2, 10));
    await consume(batch(0, 6));
    expect(await resources()).toEqual(all);
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('that come after later ones are written all the same', async () => {
    const { batch, consume, resources, verify } = await newLog();
    await consume(batch(5, 8));
    await consume(batch(2, 10));
    expect(await resources()).toEqual([...teams(5, 8), ...teams(2, 5), ...teams(8, 10)]);
    expect(await verify()).toMatchObject({ ok: true, partitions: [{ records: 8, restarts: 1 }] });
  });

  it('that their publisher sends again after Redis has lost its data are known by the segments', async () => {
    const { prefix, batch, consume, resources, verify } = await newLog();
    // The same events at later offsets.
    const again = (from: number, to: number) => batch(from, to, undefined, -100);
    await consume(batch(0, 3));
    await consume(batch(3, 6));
    await forget(prefix);
    await consume(again(4, 8));
    // By then the end of the chain is marked again.
    await consume(again(0, 3));
    expect(await resources()).toEqual(teams(0, 8));
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('go on in the chain when Redis has lost its data', async () => {
    const { prefix, batch, consume, resources, verify } = await newLog();
    await consume(batch(0, 6));
    await forget(prefix);
    expect(await verify()).toMatchObject({ ok: true, partitions: [{ endKnown: false }] });
    await consume(batch(3, 10));
    expect(await resources()).toEqual(teams(0, 10));
    expect(await verify()).toMatchObject({ ok: true, partitions: [{ endKnown: true }] });
  });
});
