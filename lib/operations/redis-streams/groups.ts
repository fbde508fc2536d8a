import type { Redis } from '../../stores/redis.ts';
import { listIn, namedIn, numberIn, textIn } from './answers.ts';
import { askStream } from './asking.ts';

export interface StreamConsumer {
  readonly name: string;
  /** Entries that were given to it and not acknowledged. */
  readonly pending: number;
  /** Milliseconds since it has last asked. */
  readonly idleMs: number;
}

/** A consumer group of a stream. */
export interface StreamGroup {
  readonly name: string;
  readonly consumers: readonly StreamConsumer[];
  readonly pending: number;
  readonly lastDeliveredId: string;
  /** Entries that were given to none of its consumers; at least so many where `lagIsMore`. */
  readonly lag: number;
  readonly lagIsMore: boolean;
}

/** Servers before 7.0 tell no lag: so many entries are counted. */
const COUNTED = 1_000;

const lagOf = async (redis: Redis, key: string, told: ReadonlyMap<string, unknown>, after: string) => {
  const lag = numberIn(told.get('lag'));
  if (lag !== null) return { lag, lagIsMore: false };
  const entries = await redis.xrange(key, `(${after}`, '+', 'COUNT', COUNTED);
  return { lag: entries.length, lagIsMore: entries.length === COUNTED };
};

/** The groups of a stream, with who reads in them. */
export const groupsOf = async (redis: Redis, key: string): Promise<readonly StreamGroup[]> => {
  const groups = listIn((await askStream(redis, key, ['XINFO', 'GROUPS', key]))?.[0]).map(namedIn);
  return Promise.all(
    groups.map(async (told) => {
      const name = textIn(told.get('name')) ?? '';
      const lastDeliveredId = textIn(told.get('last-delivered-id')) ?? '0-0';
      const asked = await askStream(redis, key, ['XINFO', 'CONSUMERS', key, name]);
      const consumers = listIn(asked?.[0]).map(namedIn);
      return {
        name,
        consumers: consumers.map((consumer) => ({
          name: textIn(consumer.get('name')) ?? '',
          pending: numberIn(consumer.get('pending')) ?? 0,
          idleMs: numberIn(consumer.get('idle')) ?? 0,
        })),
        pending: numberIn(told.get('pending')) ?? 0,
        lastDeliveredId,
        ...(await lagOf(redis, key, told, lastDeliveredId)),
      };
    }),
  );
};
