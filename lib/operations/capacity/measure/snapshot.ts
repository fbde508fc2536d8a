import { foundSideBySide } from '../../../side-by-side.ts';
import { mastersOf, type Redis } from '../../../stores/redis.ts';
import { type KeyKind, kindOfKey, type Size } from '../cache/index.ts';

/** What a cache holds, kind by kind, and all of the memory that its data take. */
export interface Snapshot {
  readonly kinds: ReadonlyMap<KeyKind, Size>;
  /** Keys that no kind knows. */
  readonly unknown: readonly string[];
  /** Memory in use, without what an empty server, its clients and buffers take. */
  readonly dataBytes: number;
  /** Commands so far, those within scripts included, and microseconds of a processor. */
  readonly commands: number;
  readonly cpuMicros: number;
  readonly version: string;
}

const SCAN_COUNT = 1_000;
/** Keys of a kind that are weighed on each server; of fewer all are. */
const WEIGHED = 2_000;
const AT_ONCE = 200;

/** Counts every key and weighs some of each kind. @throws the error of the Redis client */
export const snapshotOf = async (redis: Redis): Promise<Snapshot> => {
  const parts = await Promise.all((await mastersOf(redis)).map(snapshotOfServer));
  const kinds = new Map<KeyKind, Size>();
  for (const part of parts) {
    for (const [kind, { keys, bytes }] of part.kinds) {
      const known = kinds.get(kind);
      kinds.set(kind, { keys: keys + (known?.keys ?? 0), bytes: bytes + (known?.bytes ?? 0) });
    }
  }
  const sum = (of: (part: Snapshot) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    kinds,
    unknown: parts.flatMap(({ unknown }) => unknown),
    dataBytes: sum(({ dataBytes }) => dataBytes),
    commands: sum(({ commands }) => commands),
    cpuMicros: sum(({ cpuMicros }) => cpuMicros),
    version: parts[0]?.version ?? '',
  };
};

interface Sample {
  keys: number;
  readonly some: string[];
}

const snapshotOfServer = async (server: Redis): Promise<Snapshot> => {
  const found = new Map<KeyKind, Sample>();
  const unknown: string[] = [];
  for (let cursor = ''; cursor !== '0'; ) {
    const [next, keys] = await server.scan(cursor === '' ? '0' : cursor, 'COUNT', SCAN_COUNT);
    cursor = next;
    for (const key of keys) {
      const kind = kindOfKey(key);
      if (kind === undefined) {
        unknown.push(key);
        continue;
      }
      const sample = found.get(kind) ?? { keys: 0, some: [] };
      found.set(kind, sample);
      sample.keys += 1;
      // SCAN goes by the hash of the names: the first ones are as good as any.
      if (sample.some.length < WEIGHED) sample.some.push(key);
    }
  }
  const [memory, info] = await Promise.all([memoryOf(server), infoOf(server)]);
  const kinds = new Map<KeyKind, Size>();
  for (const [kind, { keys, some }] of found) {
    const weights = await foundSideBySide(some, AT_ONCE, (key) => weightOf(server, key, memory));
    const told = weights.filter((each) => each !== undefined);
    const mean = told.reduce((total, each) => total + each, 0) / Math.max(1, told.length);
    kinds.set(kind, { keys, bytes: keys * mean });
  }
  return { kinds, unknown, dataBytes: memory.dataBytes, ...info };
};

interface Memory {
  readonly dataBytes: number;
  /** Of each key: its part of the table of keys, and of that of expiries, which MEMORY USAGE leaves out. */
  readonly perKey: number;
  readonly perExpiry: number;
}

/** An entry of the table of keys, which MEMORY USAGE counts, and the key's object, which MEMORY STATS counts as well. */
const COUNTED_TWICE = 24 + 16;

/** What Redis tells of its memory (MEMORY STATS). */
const memoryOf = async (server: Redis): Promise<Memory> => {
  const [answer, keyspace] = await Promise.all([server.call('MEMORY', 'STATS'), server.info('keyspace')]);
  const stats = pairsOf(answer);
  const of = (name: string): number => Number(stats.get(name) ?? 0);
  const tables = pairsOf(stats.get('db.0'));
  const keys = of('keys.count');
  const expiring = Number(/expires=(\d+)/.exec(keyspace)?.[1] ?? 0);
  const main = Number(tables.get('overhead.hashtable.main') ?? 0);
  const expires = Number(tables.get('overhead.hashtable.expires') ?? 0);
  const besides = ['startup.allocated', 'clients.normal', 'clients.slaves', 'aof.buffer', 'lua.caches'];
  return {
    dataBytes: besides.reduce((left, name) => left - of(name), of('total.allocated') - of('replication.backlog')),
    perKey: keys === 0 ? 0 : Math.max(0, main / keys - COUNTED_TWICE),
    perExpiry: expiring === 0 ? 0 : expires / expiring,
  };
};

/** Names and values of an answer that has them in turn. */
const pairsOf = (answer: unknown): ReadonlyMap<string, unknown> => {
  const flat: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return new Map(Array.from({ length: Math.floor(flat.length / 2) }, (_, i) => [String(flat[2 * i]), flat[2 * i + 1]]));
};

const weightOf = async (server: Redis, key: string, memory: Memory): Promise<number | undefined> => {
  const [usage, ttl] = await Promise.all([server.memory('USAGE', key, 'SAMPLES', 0), server.pttl(key)]);
  // It may have gone in the meantime.
  return usage === null ? undefined : usage + memory.perKey + (ttl >= 0 ? memory.perExpiry : 0);
};

const infoOf = async (server: Redis) => {
  const [stats, cpu, about] = await Promise.all([
    server.info('commandstats'),
    server.info('cpu'),
    server.info('server'),
  ]);
  const seconds = (name: string): number => Number(new RegExp(`${name}:([\\d.]+)`).exec(cpu)?.[1] ?? 0);
  return {
    commands: [...stats.matchAll(/:calls=(\d+)/g)].reduce((sum, [, calls]) => sum + Number(calls), 0),
    cpuMicros: 1e6 * (seconds('used_cpu_user') + seconds('used_cpu_sys')),
    version: /redis_version:(\S+)/.exec(about)?.[1] ?? '',
  };
};
