import type { Redis } from '../redis.ts';
import type { HistoryEntry } from './history.ts';
import type { Letter } from './letter.ts';

/**
 * Hash of letters that were put back for a connector, by id. A consumer of ours leaves a mark when a record takes effect; a
 * connector leaves only its offset behind.
 */
export const AT_CONNECTORS = 'dlq:{dlq}:at-connectors';

/** Where a record lies that was put back for a connector. */
export interface AtConnector {
  readonly id: string;
  /** Consumer group of the connector. */
  readonly group: string;
  /** `topic/partition/offset`. */
  readonly position: string;
  /** For which time it was put back. */
  readonly redriveCount: number;
  /** When; ISO 8601, UTC. */
  readonly at: string;
}

/** Remembers where a record lies, if it is one of a connector's. */
export const rememberAtConnector = async (
  redis: Redis,
  { id, shape, consumer }: Pick<Letter, 'id' | 'shape' | 'consumer'>,
  redriveCount: number,
  { at, position }: Pick<HistoryEntry, 'at' | 'position'>,
): Promise<void> => {
  if (shape !== 'connect' || position === undefined) return;
  const entry: AtConnector = { id, group: consumer, position, redriveCount, at };
  await redis.hset(AT_CONNECTORS, id, JSON.stringify(entry));
};

export const atConnectors = async (redis: Redis): Promise<readonly AtConnector[]> =>
  (await redis.hvals(AT_CONNECTORS)).map((text): AtConnector => JSON.parse(text));

export const forgetAtConnectors = async (redis: Redis, ids: readonly string[]): Promise<void> => {
  if (ids.length > 0) await redis.hdel(AT_CONNECTORS, ...ids);
};
