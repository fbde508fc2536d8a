import type { Redis } from '../../stores/redis.ts';
import { listIn, namedIn, numberIn, textIn, timeOfId } from './answers.ts';
import { askStream } from './asking.ts';

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

/** What a stream takes of its server's memory; some managed servers do not know the command. */
const bytesOf = async (redis: Redis, key: string): Promise<number | null> => {
  const [bytes] = (await askStream(redis, key, ['MEMORY', 'USAGE', key]).catch(() => undefined)) ?? [];
  return numberIn(bytes);
};

/** @returns undefined for a key that is no stream, or no longer one */
export const summaryOf = async (redis: Redis, key: string): Promise<StreamSummary | undefined> => {
  const [answers, bytes] = await Promise.all([
    askStream(redis, key, ['XINFO', 'STREAM', key], ['PTTL', key]),
    bytesOf(redis, key),
  ]);
  if (answers === undefined) return undefined;
  const [answer, ttl] = answers;
  const endsInMs = numberIn(ttl) ?? -1;
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
    endsInMs: endsInMs < 0 ? null : endsInMs,
  };
};
