import { Cluster, type ClusterOptions, type RedisCommander, Redis as Server } from 'ioredis';
import { PermanentError } from '../errors.ts';
import type { RedisSettings } from '../settings.ts';
import { type Identity, iamConnector } from './iam-connector.ts';

/**
 * What a client can do, whether it speaks to one server or to a cluster. In a cluster the keys of one command, script or
 * transaction must have one hash tag.
 */
export type Redis = RedisCommander & Pick<Cluster, 'multi' | 'disconnect'>;

/** What tests set. */
export interface RedisOptions {
  /** Signs the tokens of `redisAuth: 'iam'`. */
  readonly token?: () => Promise<string>;
  /** Milliseconds after which connections say again who they are. */
  readonly renewMs?: number;
}

/** ElastiCache ends a connection twelve hours after it has last seen a token. */
const RENEW_MS = 6 * 60 * 60 * 1_000;

const COMMAND_MS = 5_000;
const CONNECT_MS = 2_000;
/** With a handshake of TLS, and where tokens are signed, of AUTH. */
const TLS_CONNECT_MS = 5_000;
/** How long a change of the cluster that no failed connection tells of can go unnoticed. */
const SLOTS_REFRESH_MS = 30_000;

const retryDelay = (attempt: number): number => Math.min(50 * 2 ** attempt, 2_000);

/**
 * A Redis client for the life of the process. Commands issued in the same turn of the event loop travel together
 * (auto-pipelining; in a cluster those for one node); a command that finds no server within the limits below fails, so that a
 * caller can report a transient failure instead of waiting for its own timeout.
 *
 * @param settings where Redis is, and how it wants to be spoken to; a `rediss://` address uses TLS
 * @throws PermanentError USAGE for settings that do not fit together
 */
export const openRedis = (settings: RedisSettings, { token, renewMs = RENEW_MS }: RedisOptions = {}): Redis => {
  const { protocol, hostname: host, port, username, password, pathname } = new URL(settings.redisUrl);
  const isTls = protocol === 'rediss:';
  const user = decodeURIComponent(username);
  const timeoutMs = isTls ? TLS_CONNECT_MS : CONNECT_MS;
  const identity: Identity | undefined =
    settings.redisAuth === 'iam' ? { user, token: token ?? tokensFor(user, settings) } : undefined;
  const options = {
    connectTimeout: timeoutMs,
    commandTimeout: COMMAND_MS,
    maxRetriesPerRequest: 1,
    ...(isTls ? { tls: {} } : {}),
    ...(identity === undefined
      ? { username: user, password: decodeURIComponent(password) }
      : { Connector: iamConnector({ ...identity, isTls, timeoutMs }) }),
  };
  const place = { host, port: Number(port === '' ? 6379 : port) };
  const client =
    settings.redisMode === 'cluster'
      ? openCluster(place, { redisOptions: options, slotsRefreshTimeout: COMMAND_MS })
      : new Server({
          ...place,
          ...options,
          db: Number(pathname.slice(1)),
          enableAutoPipelining: true,
          retryStrategy: retryDelay,
        });
  // Failures surface on the commands; without a listener ioredis would print each reconnect attempt.
  client.on('error', () => undefined);
  if (client instanceof Cluster) client.on('+node', (node: Server) => watch(client, node));
  else watch(client, client);
  if (identity !== undefined) renew(client, identity, renewMs);
  return client;
};

const reconnections = new WeakMap<object, number>();

/** When a client last found its server, or one of them, again after it had lost it; milliseconds since 1970. */
export const reconnectedAt = (redis: Redis): number | undefined => reconnections.get(redis);

/** Notes each time but the first that a connection is ready. */
const watch = (client: Server | Cluster, connection: Server): void => {
  let wasReady = false;
  connection.on('ready', () => {
    if (wasReady) reconnections.set(client, Date.now());
    wasReady = true;
  });
};

const addressOf = ({ options: { host, port } }: Server): string => `${host}:${port}`;

/**
 * Each server that holds keys of its own, in the order of their addresses, for what asks about all keys: a cluster sends a
 * command without a key to any one of them. ElastiCache Serverless shows itself as one.
 */
export const mastersOf = async (redis: Redis): Promise<readonly Redis[]> => {
  if (!(redis instanceof Cluster)) return [redis];
  // Before its first answer a client knows no more than the address it was given.
  await redis.ping();
  return redis.nodes('master').sort((a, b) => addressOf(a).localeCompare(addressOf(b)));
};

/**
 * Which server holds which slots, as text to compare; the same text, while nothing has moved. Empty for a lone server.
 */
export const slotsOf = async (redis: Redis): Promise<string> => {
  if (!(redis instanceof Cluster)) return '';
  const ranges = await redis.cluster('SLOTS');
  return JSON.stringify(ranges.map(([from, to, master]) => [from, to, master]).sort());
};

const openCluster = (
  place: { readonly host: string; readonly port: number },
  options: Pick<ClusterOptions, 'redisOptions' | 'slotsRefreshTimeout'>,
): Cluster => {
  const cluster = new Cluster([place], {
    ...options,
    enableAutoPipelining: true,
    // A connection that ends is opened again, as that to a single server is; ioredis would wait for a redirection instead.
    clusterNodeRetryStrategy: retryDelay,
    clusterRetryStrategy: retryDelay,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    // Between the first look at the slots and an answer to this check commands would wait without a limit.
    enableReadyCheck: false,
    // Certificates are made out for names: what the cluster calls its nodes must not become addresses.
    dnsLookup: (name, callback) => callback(null, name),
  });
  // A node that is gone may have a successor.
  cluster.on('node error', () => cluster.refreshSlotsCache());
  return cluster;
};

const tokensFor = (user: string, { redisCacheName: cacheName }: RedisSettings): (() => Promise<string>) => {
  if (user === '' || cacheName === undefined) {
    throw new PermanentError('USAGE', 'IAM authentication at the cache needs a user and the name of the cache.', {
      next: 'Set REDIS_URL=rediss://USER@HOST:PORT and REDIS_CACHE_NAME',
    });
  }
  return async () => {
    // Loaded where it is needed: on a laptop nobody signs anything.
    const { cacheToken } = await import('./cache-token.ts');
    return cacheToken({ user, cacheName, region: process.env.AWS_REGION ?? '' });
  };
};

/** Says who we are again, on every open connection; where that fails the connection ends in its time, and is opened again. */
const renew = (client: Server | Cluster, { user, token }: Identity, everyMs: number): void => {
  const turn = async (): Promise<void> => {
    const password = await token();
    const open = (client instanceof Cluster ? client.nodes() : [client]).filter(({ status }) => status === 'ready');
    await Promise.all(open.map((connection) => connection.auth(user, password)));
  };
  const timer = setInterval(() => void turn().catch(() => undefined), everyMs);
  // It keeps no process alive.
  timer.unref();
  client.once('end', () => clearInterval(timer));
};
