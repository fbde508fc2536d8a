import type { RedisSettings } from '../settings.ts';
import { openRedis } from '../stores/redis.ts';
import { updatesKey } from '../stores/updates.ts';

/** An update as it lies on the stream of its user. */
export interface SeenUpdate {
  readonly type: string;
  readonly id: string;
  /** When it was appended, ISO 8601, UTC. */
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** How long one read waits for news; less than the client's own limit for a command. */
const BLOCK_MS = 2_000;

/**
 * Reads what is appended to `updates:<userId>` from now on, as it comes (XREAD with BLOCK), until the signal.
 *
 * @yields updates; undefined when nothing came for {@link BLOCK_MS}, so that a caller can notice silence
 * @throws the error of the Redis client when Redis is gone
 */
export async function* updatesOf(
  settings: RedisSettings,
  userId: string,
  signal: AbortSignal,
): AsyncGenerator<SeenUpdate | undefined> {
  const redis = openRedis(settings);
  try {
    const key = updatesKey(userId);
    const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
    let last = newest?.[0] ?? '0-0';
    while (!signal.aborted) {
      const answer = await redis.xread('COUNT', 100, 'BLOCK', BLOCK_MS, 'STREAMS', key, last);
      if (answer === null) yield undefined;
      for (const [, entries] of answer ?? []) {
        for (const [id, fields] of entries) {
          last = id;
          const values = new Map(fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1] ?? '']] : [])));
          yield {
            type: values.get('type') ?? '',
            id: values.get('id') ?? '',
            at: values.get('at') ?? '',
            data: JSON.parse(values.get('data') ?? '{}'),
          };
        }
      }
    }
  } finally {
    redis.disconnect();
  }
}
