import type { Redis } from '../redis.ts';
import type { RedisCommand } from '../writes.ts';

/**
 * - `failed`: came (again) onto the dead-letter queue; with `nextRetryAt` it is put back by itself then
 * - `put-back`: a person put it back on its topic
 * - `patched`: a person replaced its payload
 * - `parked`, `discarded`: a person decided so
 * - `done`: it was noticed that it has taken effect
 * - `filed-again`: `dlq recover` brought it back; what was before is not known any more
 */
export type HistoryEvent = 'failed' | 'put-back' | 'patched' | 'parked' | 'discarded' | 'done' | 'filed-again';

/** Something that happened to a letter. */
export interface HistoryEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly what: HistoryEvent;
  /** Who did it, `user@machine`; absent where no person did. */
  readonly by?: string;
  /** What a person said why. */
  readonly why?: string;
  /** Of `failed`: the reason's short name and its sentence. */
  readonly code?: string;
  readonly message?: string;
  /** Of `failed`: how often it was tried since it was put back last. */
  readonly attempts?: number;
  /** Of `failed`. ISO 8601, UTC. */
  readonly nextRetryAt?: string;
  /** Of `put-back`: for which time. Of `failed`: how often it had been put back by then. */
  readonly redriveCount?: number;
  /** Of `put-back`: where it lies now, `topic/partition/offset`. */
  readonly position?: string;
}

/** More than a person reads; a letter that is put back by itself has five entries. */
export const HISTORY_KEPT = 100;

export const historyKey = (id: string): string => `dlq:{dlq}:history:${id}`;

/** The writes that add to the history of a letter. */
export const historyWrites = (id: string, entry: HistoryEntry): readonly RedisCommand[] => [
  ['RPUSH', historyKey(id), JSON.stringify(entry)],
  ['LTRIM', historyKey(id), -HISTORY_KEPT, -1],
];

/** What happened to a letter, the earliest first. */
export const readHistory = async (redis: Redis, id: string): Promise<readonly HistoryEntry[]> => {
  const entries = (await redis.lrange(historyKey(id), 0, -1)).map((text): HistoryEntry => JSON.parse(text));
  // A record may fail again before it is written down that it was put back.
  return entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
};
