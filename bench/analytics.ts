import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import Table from 'cli-table3';
import { Redis } from 'ioredis';
import { scanAggregation } from '../handlers/analytics-events/aggregation.ts';
import { countersOf } from '../handlers/analytics-events/counters.ts';
import { SCAN_HANDLERS } from '../handlers/analytics-events/handlers.ts';
import { topic } from '../lib/catalog/index.ts';
import {
  type BatchContext,
  closeConnections,
  createAggregateConsumer,
  createConsumer,
  type LambdaHandler,
  type MskEvent,
  openConnections,
} from '../lib/consumer/index.ts';
import type { EventOf } from '../lib/events/index.ts';
import { openStack } from '../lib/local/stack.ts';
import { hashTag } from '../lib/stores/hash-tag.ts';
import type { RedisCommand } from '../lib/stores/writes.ts';
import { isCounting, type Write } from '../lib/stores/writes.ts';
import { contextFor } from '../test/support/delivery.ts';
import { batchOf, CONDITIONS, newWorld, numbers, type World } from './scan-batches.ts';

/**
 * Scans a second through the handler, and through two ways that are nearer at hand, in one process. Each gets batches of
 * the same shape, encoded beforehand, with codes of its own; rounds alternate, so that whatever else the machine does meets
 * all of them. All write the same counters and marks, and all decode, check and hash the same.
 */
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    batches: { type: 'string', default: '10' },
    'data-dir': { type: 'string' },
  },
});
const ROUNDS = Number(options.rounds);
const BATCHES = Number(options.batches);
const NAME = 'analytics-events';
const { batchSize } = topic(NAME).mapping;
process.env.POWERTOOLS_METRICS_DISABLED = 'true';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const stack = await openStack({ dataDir: options['data-dir'] });
await stack.requireRunning();
const { settings } = stack;
// A database of its own, empty at the end.
const connections = openConnections(topic(NAME), { ...settings, redisUrl: `${settings.redisUrl}/9` });
const { redis, objects, publisher } = connections;

const aggregation = scanAggregation({ rollup: 'bench' });
const quiet = new Logger({ logLevel: 'SILENT' });
const context: BatchContext = {
  redis,
  objects,
  logger: quiet,
  remainingMs: () => 60_000,
  signal: new AbortController().signal,
};

/** The same writes in Redis's own commands, without the bound on referrers. */
const plain = (writes: readonly Write[]): readonly RedisCommand[] =>
  writes.flatMap((write): readonly RedisCommand[] => {
    if (!isCounting(write)) return [write];
    // Visitors cannot be counted by an effect's own commands: the two other ways leave them out.
    if (write.kind === 'count-distinct') return [];
    const prefix = write.kind === 'count' ? '' : `${write.dimension}:`;
    return write.targets.flatMap(({ key, expiresAt }): RedisCommand[] => [
      ...added(key, prefix, write.amounts),
      ['EXPIREAT', key, expiresAt],
    ]);
  });

const added = (key: string, prefix: string, amounts: readonly (string | number)[]): RedisCommand[] =>
  numbers(amounts.length / 2).map((i) => ['HINCRBY', key, `${prefix}${amounts[2 * i]}`, amounts[2 * i + 1] ?? 0]);

/** What a scan adds, noted for the rollup as the handler does it. */
const additionsOf = async (event: EventOf<'qr.scanned'>) => {
  const additions = await aggregation.additions(event, context);
  await aggregation.prepare(
    additions.map(({ part }) => part),
    context,
  );
  return additions.map(({ owner, name, part }) => ({ owner, name, writes: plain(countersOf([part])) }));
};

const isScan = (event: EventOf): event is EventOf<'qr.scanned'> => event.eventType === 'qr.scanned';

/** Decodes a record, and has a pipeline of its own count it; the next record waits. */
const oneByOne = async ({ records }: MskEvent): Promise<void> => {
  for (const { topic: name, partition, offset: place, timestamp, value } of Object.values(records).flat()) {
    const bytes = Buffer.from(value ?? '', 'base64');
    const event = await publisher.codec.decode({
      topic: name,
      partition,
      offset: place,
      timestamp,
      key: null,
      value: bytes,
      headers: [],
    });
    if (!isScan(event)) continue;
    for (const { owner, writes } of await additionsOf(event)) {
      const mark = ['SET', `bench:${hashTag(owner)}:${event.eventId}`, 1, 'EX', 86_400, 'NX'] as const;
      await redis.multi([mark, ...writes].map(([command, ...args]) => [command.toLowerCase(), ...args])).exec();
    }
  }
};

const connect = { connect: () => connections };
const invoked =
  (handler: LambdaHandler) =>
  async (event: MskEvent): Promise<void> => {
    const { batchItemFailures } = await handler(event, contextFor('bench', 60_000));
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} records failed`);
  };

const CONTENDERS: Readonly<Record<string, (event: MskEvent) => Promise<void>>> = {
  'this project': invoked(createAggregateConsumer(NAME, aggregation, SCAN_HANDLERS, connect)),
  'a script a record and owner, side by side': invoked(
    createConsumer(
      NAME,
      {
        ...SCAN_HANDLERS,
        'qr.scanned': async (event) => {
          const [own, ...crossKeyWrites] = (await additionsOf(event)).reverse();
          return { crossKeyWrites, writes: own?.writes ?? [] };
        },
      },
      connect,
    ),
  ),
  'a transaction a record and owner, one by one': oneByOne,
};

/** Calls of Redis's socket: what is asked in one of them travels together. */
const sent = { packets: 0 };
await redis.ping();
if (!(redis instanceof Redis)) throw new Error('The calls of one connection are counted: there must be one.');
const write = redis.stream.write.bind(redis.stream);
Object.assign(redis.stream, {
  write: (chunk: Buffer | string) => {
    sent.packets += 1;
    return write(chunk);
  },
});

/** Microseconds of the processor that Redis has used. */
const redisCpu = async (): Promise<number> => {
  const info = await redis.info('cpu');
  const seconds = ['user', 'sys'].map((kind) => Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)?.[1] ?? 0));
  return seconds.reduce((sum, part) => sum + part, 0) * 1e6;
};

interface Figure {
  readonly world: World;
  readonly rates: number[];
  /** Microseconds of the processor for a scan: of this process, and of Redis. */
  readonly cpu: { readonly own: number; readonly redis: number }[];
  packets: number;
}
const figures = new Map<string, Figure>(
  Object.keys(CONTENDERS).map((name) => [name, { world: newWorld(), rates: [], cpu: [], packets: 0 }]),
);

// The first round warms up and does not count.
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, work] of Object.entries(CONTENDERS)) {
    const figure = figures.get(name);
    if (figure === undefined) continue;
    const batches = [];
    for (let i = 0; i < BATCHES; i++) batches.push(await batchOf(publisher.codec, figure.world));
    const redisBefore = await redisCpu();
    const before = process.cpuUsage();
    sent.packets = 0;
    const begun = performance.now();
    for (const batch of batches) await work(batch);
    const elapsed = performance.now() - begun;
    const { user, system } = process.cpuUsage(before);
    figure.packets = sent.packets / BATCHES;
    const scans = BATCHES * batchSize;
    const spent = { own: (user + system) / scans, redis: ((await redisCpu()) - redisBefore) / scans };
    if (round === 0) continue;
    figure.cpu.push(spent);
    figure.rates.push((scans * 1_000) / elapsed);
  }
}

await redis.flushdb();
await closeConnections(connections);

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const first = median(figures.get('this project')?.rates ?? []);
const table = new Table({
  head: [
    'way',
    'scans/s (median)',
    'lowest - highest',
    'µs of CPU a scan: own + Redis',
    `requests a batch of ${batchSize}`,
    'ours is faster',
  ],
});
for (const [name, { rates, packets, cpu }] of figures) {
  const [own, store] = [median(cpu.map((one) => one.own)), median(cpu.map((one) => one.redis))];
  const range = `${whole(Math.min(...rates))} - ${whole(Math.max(...rates))}`;
  table.push([
    name,
    whole(median(rates)),
    range,
    `${whole(own)} + ${whole(store)}`,
    whole(packets),
    `${(first / median(rates)).toFixed(1)} x`,
  ]);
}
console.log(table.toString());
console.log(
  `${CONDITIONS}, one batch after the other; ` +
    `${ROUNDS} rounds of ${BATCHES} batches, alternating; Redis on the same machine; Node ${process.version}, ` +
    `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}.`,
);
