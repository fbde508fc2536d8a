import { setTimeout as delay } from 'node:timers/promises';
import { topic as entryOf, isTopicName, type TopicName } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import { letterIdNow, statusesOfRecords, tagOf } from '../idempotency/index.ts';
import type { Admin } from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { readLetter } from '../stores/dead-letters/index.ts';
import { openRedis, type Redis } from '../stores/redis.ts';
import { withAdmin } from './cluster.ts';
import type { Sent } from './test-message.ts';

/**
 * What a consumer did with a message.
 * - `worked`: it took effect (`by` its mark), or the group has gone past it and nobody complained (`by` the offset)
 * - `dead-lettered`: it was given up, with the reason
 * - `waiting`: neither yet
 */
export type Fate =
  | { readonly outcome: 'worked'; readonly by: 'mark' | 'offset' }
  | { readonly outcome: 'dead-lettered'; readonly letter: string; readonly code: string; readonly message: string }
  | { readonly outcome: 'waiting' };

/** A message and what became of it. */
export interface SentWithFate extends Sent {
  readonly fate: Fate;
  /** From the beginning of the wait until it was known, milliseconds. */
  readonly ms: number;
}

const ASK_EVERY_MS = 200;
/** A dead letter is filed by another consumer: it may come so long after the group has gone past the record. */
const LETTER_WITHIN_MS = 15_000;

interface Waiting {
  readonly sent: Sent;
  /** When the group was first seen beyond it. */
  passedAt: number | undefined;
}

const WAITING: Fate = { outcome: 'waiting' };

const fateNow = async (
  redis: Redis,
  waiting: Waiting,
  committed: number,
  topic: TopicName,
  now: number,
): Promise<Fate> => {
  const { sent } = waiting;
  const letter = await readLetter(redis, await letterIdNow(redis, sent));
  if (letter !== undefined) {
    return { outcome: 'dead-lettered', letter: letter.id, code: letter.code, message: letter.message };
  }
  const { partition, offset, event } = sent;
  const key = sent.key === null ? null : Buffer.from(sent.key);
  const [status] = await statusesOfRecords(redis, [
    { topic, partition, offset, tag: tagOf({ topic, partition, key }, event) },
  ]);
  if (status === 'applied' || status === 'repeat') return { outcome: 'worked', by: 'mark' };
  // Its letter is on the way: it will say why.
  if (status === 'dead') return WAITING;
  if (committed <= sent.offset) return WAITING;
  waiting.passedAt ??= now;
  return now - waiting.passedAt < LETTER_WITHIN_MS ? WAITING : { outcome: 'worked', by: 'offset' };
};

const committedOn = async (admin: Admin, group: string, topic: string): Promise<ReadonlyMap<number, number>> => {
  const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  return new Map((found?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]));
};

/** @throws StreamError USAGE for a topic that no function works */
export const requireConsumer = (topic: string): TopicName => {
  if (isTopicName(topic)) return topic;
  throw new StreamError('USAGE', `No function works ${topic}: there is nobody to wait for.`, {
    next: 'Leave --wait out',
  });
};

/**
 * Waits until it is known of each message what the topic's function did with it.
 *
 * @param timeoutMs after which those that still wait are told as waiting
 * @param signal ends the wait from outside
 * @throws StreamError USAGE for a topic that no function works; TransientError BROKER_UNAVAILABLE
 */
export const awaitFates = async (
  settings: Settings,
  messages: readonly Sent[],
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<readonly SentWithFate[]> => {
  const [first] = messages;
  if (first === undefined) return [];
  const topic = requireConsumer(first.topic);
  const group = entryOf(topic).consumerGroup;
  const redis = openRedis(settings);
  const begun = Date.now();
  const known = new Map<Sent, SentWithFate>();
  const open = new Set(messages.map((sent): Waiting => ({ sent, passedAt: undefined })));
  const look = async (admin: Admin): Promise<void> => {
    const committed = await committedOn(admin, group, topic);
    const now = Date.now();
    await Promise.all(
      [...open].map(async (waiting) => {
        const fate = await fateNow(redis, waiting, committed.get(waiting.sent.partition) ?? -1, topic, now);
        known.set(waiting.sent, { ...waiting.sent, fate, ms: now - begun });
        if (fate.outcome !== 'waiting') open.delete(waiting);
      }),
    );
  };
  try {
    await withAdmin(settings, async (admin) => {
      await look(admin);
      while (open.size > 0 && Date.now() - begun < timeoutMs && signal?.aborted !== true) {
        await delay(ASK_EVERY_MS);
        await look(admin);
      }
    });
  } finally {
    redis.disconnect();
  }
  return messages.map((sent) => known.get(sent) ?? { ...sent, fate: WAITING, ms: Date.now() - begun });
};
