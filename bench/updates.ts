import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { openStack } from '../lib/local/stack.ts';
import { openRedis } from '../lib/stores/redis.ts';
import { appendUpdate, updatesKey } from '../lib/stores/updates.ts';
import { issueUpdatesToken } from '../lib/updates/index.ts';
import { serveUpdates } from '../lib/updates/server.ts';
import { openReader } from '../test/integration/updates/reader.ts';
import { until } from '../test/support/until.ts';

/**
 * From append to client, and what it costs Redis, of the feed and of the way that is nearest at hand: each client asks every
 * second. The baseline asks Redis directly, without HTTP, which favours it. Rounds alternate on the same users and updates.
 */
const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    'per-second': { type: 'string', default: '50' },
    'data-dir': { type: 'string' },
  },
});
const [USERS, ROUNDS, SECONDS, RATE] = [options.users, options.rounds, options.seconds, options['per-second']].map(
  Number,
);
if (!(USERS && ROUNDS && SECONDS && RATE)) throw new Error('users, rounds, seconds and per-second are numbers above 0');
const POLL_MS = 1_000;
const SECRET = randomUUID();

const stack = await openStack({ dataDir: options['data-dir'] });
await stack.requireRunning();
const { settings } = stack;
const redis = openRedis(settings);
const users = Array.from({ length: USERS }, () => `bench-${randomUUID()}`);

/** Gets an update of a user as a client has it. */
type Seen = (sentAt: number) => void;

/** Opens a client for each user; closes them all. */
type Way = (seen: Seen) => Promise<() => Promise<void>>;

const feed: Way = async (seen) => {
  const server = await serveUpdates({ redis: settings, secret: SECRET, port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${server.port}/updates`;
  const readers = await Promise.all(
    users.map(async (userId) =>
      openReader(url, await issueUpdatesToken(userId, SECRET), (type, text) => {
        if (type === 'bench.n') seen(JSON.parse(text).data.sentAt);
      }),
    ),
  );
  await until('all are connected', () => readers.every(({ isOpen }) => isOpen()), { timeoutMs: 120_000 });
  return async () => {
    for (const reader of readers) reader.close();
    await server.close();
  };
};

const polling: Way = async (seen) => {
  const client = openRedis(settings);
  const timers: NodeJS.Timeout[] = [];
  for (const userId of users) {
    let last = (await client.xrevrange(updatesKey(userId), '+', '-', 'COUNT', 1))[0]?.[0] ?? '0-0';
    const ask = async (): Promise<void> => {
      for (const [id, fields] of await client.xrange(updatesKey(userId), `(${last}`, '+')) {
        last = id;
        seen(JSON.parse(fields[fields.indexOf('data') + 1] ?? '{}').sentAt);
      }
    };
    // Clients do not ask all at once.
    setTimeout(
      () => timers.push(setInterval(() => void ask().catch(() => undefined), POLL_MS)),
      Math.random() * POLL_MS,
    );
  }
  await delay(2 * POLL_MS);
  return async () => {
    for (const timer of timers) clearInterval(timer);
    client.disconnect();
  };
};

const commands = async (): Promise<number> =>
  Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1] ?? 0);

const WAYS: Readonly<Record<string, Way>> = { 'this project': feed, 'asking every second': polling };
const figures = new Map(
  Object.keys(WAYS).map((name) => [name, { latencies: [0].slice(1), perSecond: [0].slice(1), sent: 0 }]),
);

for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, open] of Object.entries(WAYS)) {
    const figure = figures.get(name);
    if (figure === undefined) continue;
    const close = await open((sentAt) => figure.latencies.push(performance.now() - sentAt));
    const [before, begun] = [await commands(), performance.now()];
    for (let i = 0; i < SECONDS * RATE; i += 1) {
      const userId = users[i % USERS] ?? '';
      const data = { sentAt: performance.now() };
      void appendUpdate(redis, { userId, type: 'bench.n', id: randomUUID(), data }).catch(() => undefined);
      figure.sent += 1;
      await delay(Math.max(0, begun + ((i + 1) * 1_000) / RATE - performance.now()));
    }
    const spent = (performance.now() - begun) / 1_000;
    figure.perSecond.push(((await commands()) - before) / spent);
    await until('all have come', () => figure.latencies.length >= figure.sent, { timeoutMs: 60_000 });
    await close();
  }
}
await Promise.all(users.map((userId) => redis.del(updatesKey(userId))));
redis.disconnect();

const at = (values: readonly number[], share: number): string =>
  ([...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0).toFixed(0);
const table = new Table({ head: ['way', 'p50, ms', 'p95, ms', 'p99, ms', 'Redis commands a second'] });
for (const [name, { latencies, perSecond }] of figures) {
  table.push([name, at(latencies, 0.5), at(latencies, 0.95), at(latencies, 0.99), at(perSecond, 0.5)]);
}
console.log(table.toString());
console.log(
  `From append to client; ${USERS} users with a client each, ${RATE} updates a second, ${ROUNDS} rounds of ${SECONDS} s, ` +
    `alternating. The commands are those of appending too: 3 an update. Server, clients and Redis on one machine; ` +
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}.`,
);
process.exit(0);
