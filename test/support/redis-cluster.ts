import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { packageFolder } from '../../lib/local/packages/index.ts';
import { packagesFolder } from '../../lib/local/paths.ts';
import { redisServerIn } from '../../lib/local/services/redis.ts';
import { clusterPort } from './ports.ts';
import { until } from './until.ts';

/** One Redis server of a test's own. */
export interface RedisServer {
  readonly port: number;
  /** A plain client of it. */
  readonly admin: Redis;
  stop(): Promise<void>;
}

/** Starts a Redis server on a free port, in memory. @param args further options of redis-server */
export const redisServer = async (...args: readonly string[]): Promise<RedisServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-streams-redis-'));
  const port = await clusterPort();
  const program = await redisServerIn(packageFolder(packagesFolder(), 'redis'));
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const child: ChildProcess = spawn(program, [...own, ...args], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const admin = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 20 });
  admin.on('error', () => undefined);
  await until('Redis answers', async () => (await admin.ping()) === 'PONG');
  return {
    port,
    admin,
    stop: async () => {
      admin.disconnect();
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const SLOTS = 16_384;

/** A cluster of servers that share the slots evenly; it works when it is given. @param args further options of redis-server */
export const redisCluster = async (nodes: number, ...args: readonly string[]): Promise<readonly RedisServer[]> => {
  const options = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];
  const servers = await Promise.all(Array.from({ length: nodes }, () => redisServer(...options, ...args)));
  const [first] = servers;
  for (const [i, { admin }] of servers.entries()) {
    const [from, to] = [i, i + 1].map((edge) => Math.floor((edge * SLOTS) / nodes));
    const own = Array.from({ length: SLOTS }, (_, slot) => slot).filter(
      (slot) => slot >= (from ?? 0) && slot < (to ?? 0),
    );
    await admin.cluster('ADDSLOTS', ...own);
    if (first !== undefined && i > 0) await first.admin.cluster('MEET', '127.0.0.1', servers[i]?.port ?? 0);
  }
  await until('all nodes know all slots', async () => {
    const states = await Promise.all(servers.map(({ admin }) => admin.cluster('INFO')));
    return states.every(
      (state) => state.includes('cluster_state:ok') && state.includes(`cluster_known_nodes:${nodes}`),
    );
  });
  return servers;
};
