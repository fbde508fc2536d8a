import type { RedisSettings } from '../../settings.ts';
import { openRedis } from '../../stores/redis.ts';
import { bucketOf, updatesKey } from '../../stores/updates.ts';
import type { Limits } from '../limits.ts';
import { type ClosingReason, HEARTBEAT } from '../sse.ts';
import { type Connection, openConnection } from './connection.ts';
import { readNudges } from './nudges.ts';
import { newestId } from './page.ts';
import { openUserFeed, type UserFeed } from './user-feed.ts';

/**
 * How often every connected user is looked after without a nudge, milliseconds: functions of an older version, which give
 * none, may be at work during a deployment.
 */
const SWEEP_MS = 60_000;

/** After how long a client is to come back; spread, so that those of a server that goes down do not all come at once. */
const COME_BACK_MS: Readonly<Record<ClosingReason, () => number>> = {
  expired: () => 100,
  slow: () => 5_000,
  shutdown: () => 500 + Math.floor(Math.random() * 2_500),
};

/** All connections of this process, on one blocking reader. */
export interface Feed {
  /**
   * @param lastEventId id of the last entry the client has; it begins with what comes from now on when absent
   * @param expiresAt when it is to be closed, milliseconds since 1970
   * @param onEnd called once, when the connection is over
   * @throws the error of the Redis client
   */
  join(request: {
    readonly userId: string;
    readonly lastEventId: string | undefined;
    readonly expiresAt: number;
    readonly onEnd: () => void;
  }): Promise<Connection>;
  /** Tells every client to come back elsewhere or later, and lets Redis go. */
  close(): void;
}

/** @param settings where Redis is; the feed opens two clients: one waits for nudges, the other reads */
export const openFeed = (settings: RedisSettings, limits: Limits): Feed => {
  const waiting = openRedis(settings);
  const redis = openRedis(settings);
  const ended = new AbortController();
  const users = new Map<string, UserFeed>();
  const buckets = new Map<number, Set<UserFeed>>();

  const wakeAll = (): void => {
    for (const user of users.values()) user.wake();
  };
  const nudged = (which: ReadonlySet<number>): void => {
    for (const bucket of which) for (const user of buckets.get(bucket) ?? []) user.wake();
  };

  const userFeed = (userId: string): UserFeed => {
    const known = users.get(userId);
    if (known !== undefined) return known;
    const made = openUserFeed(redis, userId);
    users.set(userId, made);
    const bucket = bucketOf(userId);
    buckets.set(bucket, (buckets.get(bucket) ?? new Set()).add(made));
    return made;
  };
  const leave = (userId: string, connection: Connection): void => {
    const user = users.get(userId);
    user?.connections.delete(connection);
    if (user === undefined || user.connections.size > 0) return;
    users.delete(userId);
    const bucket = bucketOf(userId);
    buckets.get(bucket)?.delete(user);
    if (buckets.get(bucket)?.size === 0) buckets.delete(bucket);
  };

  const closeOne = (connection: Connection, reason: ClosingReason): void =>
    connection.close(reason, COME_BACK_MS[reason]());
  const connections = (): Connection[] => [...users.values()].flatMap((user) => [...user.connections]);
  const beat = (): void => {
    for (const connection of connections()) {
      if (connection.hasRoom()) connection.send(HEARTBEAT);
      else if (connection.fullForMs() >= limits.stalledMs) closeOne(connection, 'slow');
    }
  };

  const timers = [setInterval(beat, limits.heartbeatMs), setInterval(wakeAll, SWEEP_MS)];
  for (const timer of timers) timer.unref();
  void readNudges(waiting, { nudged, unsure: wakeAll }, ended.signal);

  return {
    join: async ({ userId, lastEventId, expiresAt, onEnd }) => {
      const cursor = lastEventId ?? (await newestId(redis, updatesKey(userId)));
      const expiry = setTimeout(() => closeOne(connection, 'expired'), expiresAt - Date.now());
      const connection: Connection = openConnection({
        cursor,
        bufferBytes: limits.bufferBytes,
        onRoom: () => users.get(userId)?.wake(),
        onEnd: () => {
          clearTimeout(expiry);
          leave(userId, connection);
          onEnd();
        },
      });
      // Known from now on, then looked after: what is appended in between has nudged, or is found by this look.
      const user = userFeed(userId);
      user.connections.add(connection);
      user.wake();
      return connection;
    },
    close: () => {
      ended.abort();
      for (const timer of timers) clearInterval(timer);
      for (const connection of connections()) closeOne(connection, 'shutdown');
      waiting.disconnect();
      redis.disconnect();
    },
  };
};
