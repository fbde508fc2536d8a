import { mastersOf, type Redis } from '../../stores/redis.ts';
import { numberIn } from './answers.ts';
import { type KeyKinds, kindsOf } from './kinds.ts';

/** The memory of one server, as it tells itself (INFO); null for what it does not tell. */
export interface ServerMemory {
  readonly port: number | null;
  readonly version: string | null;
  readonly usedBytes: number | null;
  readonly peakBytes: number | null;
  /** Null: no limit but the machine's. */
  readonly maxBytes: number | null;
  /** What it does at the limit; `noeviction` refuses what would be written, and loses nothing. */
  readonly policy: string | null;
  /** Memory of the process for each byte in use. */
  readonly fragmentation: number | null;
  /** Keys it has given up at the limit, since its start. */
  readonly evicted: number | null;
  readonly keys: number;
}

export interface RedisMemory {
  readonly servers: readonly ServerMemory[];
  readonly kinds: KeyKinds;
}

const infoOf = async (server: Redis): Promise<ReadonlyMap<string, string>> => {
  const lines = (await server.info()).split('\r\n');
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
};

const serverOf = async (server: Redis): Promise<ServerMemory> => {
  const [info, keys] = await Promise.all([infoOf(server), server.dbsize()]);
  const figure = (name: string): number | null => numberIn(info.get(name));
  return {
    port: figure('tcp_port'),
    version: info.get('redis_version') ?? null,
    usedBytes: figure('used_memory'),
    peakBytes: figure('used_memory_peak'),
    maxBytes: figure('maxmemory') || null,
    policy: info.get('maxmemory_policy') ?? null,
    fragmentation: figure('mem_fragmentation_ratio'),
    evicted: figure('evicted_keys'),
    keys,
  };
};

/** The memory of each server, and what kinds of keys it is spent on. */
export const memoryOf = async (redis: Redis): Promise<RedisMemory> => {
  const masters = await mastersOf(redis);
  const [servers, kinds] = await Promise.all([Promise.all(masters.map(serverOf)), kindsOf(redis)]);
  return { servers, kinds };
};
