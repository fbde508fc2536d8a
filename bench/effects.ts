import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { Redis } from 'ioredis';
import { scanAggregation } from '../handlers/analytics-events/aggregation.ts';
import { SCAN_HANDLERS } from '../handlers/analytics-events/handlers.ts';
import { topic } from '../lib/catalog/index.ts';
import { closeConnections, createAggregateConsumer, type MskRecord, openConnections } from '../lib/consumer/index.ts';
import { eventOf, newEventId, recordOf } from '../lib/events/index.ts';
import { partitionOf } from '../lib/kafka/index.ts';
import { openStack } from '../lib/local/stack.ts';
import { contextFor } from '../test/support/delivery.ts';

/**
 * What it costs Redis to know which scans have been counted, beside the counters themselves: measured on the handler that
 * AWS runs, and compared with a mark of its own for each scan and owner, which was the way before.
 */
const { values: options } = parseArgs({
  options: {
    scans: { type: 'string', default: '1000000' },
    codes: { type: 'string', default: '10000' },
    users: { type: 'string', default: '500' },
    'data-dir': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const scans = Number(options.scans);
const codes = Number(options.codes);
const users = Number(options.users);

process.env.POWERTOOLS_METRICS_DISABLED = 'true';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const NAME = 'analytics-events';
const {
  partitions,
  mapping: { batchSize },
} = topic(NAME);
const stack = await openStack({ dataDir: options['data-dir'] });
await stack.requireRunning();
const { settings } = stack;
// A database of its own, empty at the end.
const connections = openConnections(topic(NAME), { ...settings, redisUrl: `${settings.redisUrl}/9` });
const { redis, publisher } = connections;
if (!(redis instanceof Redis)) throw new Error('The requests of one connection are counted: there must be one.');
await redis.flushdb();

/** Codes by the partition of their key, with their owners. */
const byPartition = new Map<number, { readonly qrId: string; readonly userId: string }[]>();
for (let i = 0; i < codes; i++) {
  const qrId = `code-${i.toString(36).padStart(6, '0')}`;
  const partition = partitionOf(Buffer.from(qrId), partitions);
  const known = byPartition.get(partition) ?? [];
  known.push({ qrId, userId: `user-${i % users}` });
  byPartition.set(partition, known);
}

const next = new Map<number, number>();
let turn = 0;
/** A batch of one partition; each code of it is scanned as often as the others. */
const batchOf = async (partition: number, size: number): Promise<readonly MskRecord[]> => {
  const own = byPartition.get(partition) ?? [];
  const first = next.get(partition) ?? 0;
  next.set(partition, first + size);
  return Promise.all(
    Array.from({ length: size }, async (_, i): Promise<MskRecord> => {
      const { qrId, userId } = own[Math.floor(Math.random() * own.length)] ?? { qrId: 'code-0', userId: 'user-0' };
      turn += 1;
      const payload = { qrId, userId, action: 'scan', ip: `198.51.100.${turn % 250}`, country: 'DE' };
      const { key, value, headers } = await recordOf(
        publisher.codec,
        eventOf('qr.scanned', payload, { source: 'bench' }),
      );
      return {
        topic: NAME,
        partition,
        offset: first + i,
        timestamp: Date.now(),
        key: key?.toString('base64') ?? null,
        value: value?.toString('base64') ?? null,
        headers: headers.map(([name, content]) => ({ [name]: [...content] })),
      };
    }),
  );
};

const handler = createAggregateConsumer(NAME, scanAggregation({ rollup: 'bench' }), SCAN_HANDLERS, {
  connect: () => connections,
});
const sent = { requests: 0 };
await redis.ping();
const write = redis.stream.write.bind(redis.stream);
Object.assign(redis.stream, {
  write: (chunk: Buffer | string) => {
    sent.requests += 1;
    return write(chunk);
  },
});

let batches = 0;
let requests = 0;
let cpu = 0;
const begun = performance.now();
for (let done = 0; done < scans; ) {
  for (const partition of byPartition.keys()) {
    const size = Math.min(batchSize, scans - done);
    if (size === 0) break;
    const records = await batchOf(partition, size);
    sent.requests = 0;
    const before = process.cpuUsage();
    const { batchItemFailures } = await handler(
      { records: { [`${NAME}-${partition}`]: records } },
      contextFor('bench'),
    );
    const { user, system } = process.cpuUsage(before);
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} scans failed`);
    // The first batches of a process also ask for the salt of the day, and hand over the script.
    if (batches >= partitions) requests = Math.max(requests, sent.requests);
    cpu += user + system;
    batches += 1;
    done += size;
  }
  process.stderr.write(`\r${Math.round((100 * batches * batchSize) / scans)} % `);
}
const seconds = (performance.now() - begun) / 1_000;
process.stderr.write('\r');

/** Bytes of all keys with a prefix, as Redis reckons them. */
const bytesOf = async (pattern: string): Promise<{ readonly keys: number; readonly bytes: number }> => {
  const found = { keys: 0, bytes: 0 };
  for (let cursor = '0', first = true; first || cursor !== '0'; first = false) {
    const [after, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 5_000);
    cursor = after;
    const sizes = await Promise.all(keys.map((key) => redis.memory('USAGE', key, 'SAMPLES', 0)));
    found.keys += keys.length;
    // And its expiry, in a table of its own.
    found.bytes += sizes.reduce<number>((sum, size) => sum + Number(size ?? 0) + 32, 0);
  }
  return found;
};

const known = {
  seen: await bytesOf('seen:*'),
  exceptions: await bytesOf('exceptions:*'),
  log: await bytesOf('log:*'),
  ids: await bytesOf('ids:*'),
};
const SAMPLE = 20_000;
await redis.flushdb();
for (let i = 0; i < SAMPLE; i += 1_000) {
  await Promise.all(
    Array.from({ length: 1_000 }, () =>
      redis.set(`done:{code-000000}:${topic(NAME).consumerGroup}:${newEventId()}`, '1', 'EX', 86_400),
    ),
  );
}
const mark = (await bytesOf('done:*')).bytes / SAMPLE;
await redis.flushdb();
await closeConnections(connections);

const MB = 1e6;
const lasting = known.seen.bytes + known.exceptions.bytes + known.log.bytes;
const result = {
  ...{ scans, codes, users, batches },
  requestsOfABatch: requests,
  cpuMicrosecondsAScan: cpu / scans,
  scansPerSecond: scans / seconds,
  megabytes: { whileIdsAreRemembered: (lasting + known.ids.bytes) / MB, anHourLater: lasting / MB },
  marksMegabytes: (mark * 2 * scans) / MB,
  bytesOfAMark: mark,
};
if (options.json) console.log(JSON.stringify(result));
else {
  const table = new Table({ head: ['bookkeeping of', 'keys', 'MB', 'kept'] });
  const row = (what: string, { keys, bytes }: { keys: number; bytes: number }, kept: string) =>
    table.push([what, keys.toLocaleString('en-US'), (bytes / MB).toFixed(2), kept]);
  row('offsets, by owner', known.seen, 'twice the retention after the last use');
  row('event ids', known.ids, 'an hour after the last one');
  row('dead letters', known.exceptions, 'longer than a dead letter');
  row('partitions', known.log, 'for good');
  table.push(['together', '', result.megabytes.whileIdsAreRemembered.toFixed(2), 'now']);
  table.push(['together', '', result.megabytes.anHourLater.toFixed(2), 'an hour later']);
  table.push([
    'a mark a scan and owner, as before',
    (2 * scans).toLocaleString('en-US'),
    result.marksMegabytes.toFixed(1),
    'a day',
  ]);
  console.log(table.toString());
  console.log(
    `${scans.toLocaleString('en-US')} scans of ${codes.toLocaleString('en-US')} codes of ${users} users, in batches of ${batchSize}: ` +
      `${requests} requests to Redis a batch, ${result.cpuMicrosecondsAScan.toFixed(0)} µs of this process's CPU a scan; ` +
      `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}.`,
  );
}
