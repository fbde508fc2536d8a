import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { openRedis } from '../../../lib/stores/redis.ts';
import { appendUpdate, updatesKey } from '../../../lib/stores/updates.ts';
import { openRepeats } from '../../../lib/updates/client/repeats.ts';
import { issueUpdatesToken } from '../../../lib/updates/index.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import { openReader } from './reader.ts';
import { openServer, SECRET } from './world.ts';

const { settings } = testStack();
const redis = openRedis(settings);
afterAll(() => redis.disconnect());

const USERS = 250;
const CONNECTIONS = 1_000;
/** Seconds on a quiet machine; on a busy one a thousand connections take as long as they take. */
const PATIENCE_MS = 90_000;

describe('a thousand connections of 250 users', () => {
  it('get every update, in order and once, while connections are cut and the server goes and comes', {
    timeout: 3 * PATIENCE_MS,
  }, async () => {
    const users = Array.from({ length: USERS }, () => randomUUID());
    const latencies: number[] = [];
    let expected = 0;
    let isMeasured = true;
    let server = await openServer(settings);
    const { url, port } = server;
    const gaps: string[] = [];
    const tokens = await Promise.all(users.map((userId) => issueUpdatesToken(userId, SECRET)));
    const readers = Array.from({ length: CONNECTIONS }, (_, i) => {
      const seen: number[] = [];
      const isRepeat = openRepeats();
      const reader = openReader(url, tokens[i % USERS] ?? '', (type, text) => {
        if (type === 'gap') gaps.push(text);
        if (type !== 'test.n') return;
        const { id, data } = JSON.parse(text);
        // Appended again after a timeout: a repeat, by its id.
        if (isRepeat(id)) return;
        if (isMeasured) latencies.push(performance.now() - data.sentAt);
        seen.push(data.n);
      });
      return { ...reader, seen };
    });
    /** One update more to each user. */
    const tellAll = async (): Promise<void> => {
      const n = expected++;
      const one = async (userId: string): Promise<void> => {
        const update = { userId, type: 'test.n', id: randomUUID(), data: { n, sentAt: performance.now() } };
        // On a busy machine Redis may take longer than the client waits; the same update is appended again, as a function does.
        await until('it is appended', () => appendUpdate(redis, update).then(() => true), { timeoutMs: PATIENCE_MS });
      };
      await Promise.all(users.map(one));
    };
    const allHaveAll = () =>
      until('all have all', () => readers.every(({ seen }) => seen.length >= expected), {
        everyMs: 20,
        timeoutMs: PATIENCE_MS,
      });
    try {
      await until('all are connected', () => readers.every(({ isOpen }) => isOpen()), {
        timeoutMs: PATIENCE_MS,
      });
      for (let i = 0; i < 4; i += 1) {
        await tellAll();
        await allHaveAll();
      }
      isMeasured = false;
      const cutting = tellAll();
      server.cut();
      await cutting;
      await tellAll();
      await allHaveAll();
      const going = tellAll();
      await server.close();
      await going;
      await tellAll();
      server = await openServer(settings, {}, port);
      await tellAll();
      await allHaveAll();
      await tellAll();
      await allHaveAll();

      const order = Array.from({ length: expected }, (_, n) => n);
      for (const { seen } of readers) expect(seen).toEqual(order);
      expect(gaps).toEqual([]);
      expect(server.updates.connections).toBe(CONNECTIONS);
    } finally {
      for (const reader of readers) reader.close();
      await server.close();
      await Promise.all(users.map((userId) => redis.del(updatesKey(userId))));
    }
    const sorted = latencies.sort((a, b) => a - b);
    const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
    console.log(
      `from append to client, ${CONNECTIONS} connections, ${USERS} updates at once: ` +
        `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms (${sorted.length} updates; client and server in one process)`,
    );
  });
});
