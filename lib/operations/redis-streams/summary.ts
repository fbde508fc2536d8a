import type { Redis } from '../../stores/redis.ts';
import { listIn, namedIn, numberIn, textIn, timeOfId } from './answers.ts';

/** A Redis stream. */
export interface StreamSummary {
  readonly key: string;
  readonly entries: number;
  readonly firstId: string | null;
  readonly firstAt: string | null;
  /** Of the newest entry that is still there. */
  readonly lastId: string | null;
  readonly lastAt: string | null;
  readonly groups: number;
  /** What it takes of the server's memory; null where the server does not tell. */
  readonly bytes: number | null;
  /** Milliseconds until it is forgotten; null: it stays. */
  readonly endsInMs: number | null;
}

/** Gone, or something else than a stream: both are no stream to be told of. */
const NO_STREAM = /no such key|WRONGTYPE/;

/** @returns undefined for a key that is no stream, or no longer one */
export const summaryOf = async (redis: Redis, key: string): Promise<StreamSummary | undefined> => {
  const asked = redis.xinfo('STREAM', key).catch((error: unknown) => {
    if (error instanceof Error && NO_STREAM.test(error.message)) return undefined;
    throw error;
  });
  const [answer, bytes, ttl] = await Promise.all([
    asked,
    // Some managed servers do not know the command.
    redis.memory('USAGE', key).catch(() => null),
    redis.pttl(key),
  ]);
  if (answer === undefined) return undefined;
  const told = namedIn(answer);
  const [firstId, lastId] = ['first-entry', 'last-entry'].map((name) => textIn(listIn(told.get(name))[0]));
  return {
    key,
    entries: numberIn(told.get('length')) ?? 0,
    firstId: firstId ?? null,
    firstAt: timeOfId(firstId ?? null),
    lastId: lastId ?? null,
    lastAt: timeOfId(lastId ?? null),
    groups: numberIn(told.get('groups')) ?? 0,
    bytes,
    endsInMs: ttl < 0 ? null : ttl,
  };
};
