import { setTimeout as delay } from 'node:timers/promises';
import { StreamError } from '../../errors.ts';
import { type Admin, coordinatorReady, isRetriable } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import { kafkaFailure, openKafka, withAdmin } from '../cluster.ts';
import { isInactive } from '../groups.ts';

/** An offset to commit, with a word of its own. */
export interface Commit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly metadata?: string;
}

/** A consumer that died is a member until its session ends. */
const LEAVING_MS = 45_000;
/** kafkajs throws away a committed offset that lies outside of its partition when it joins the group; the next try holds. */
const TRIES = 10;
const AGAIN_MS = 500;

type Brokers = Pick<Settings, 'brokers' | 'kafkaAuth'>;

/** @throws StreamError REFUSED when a group still has members after the time in which dead ones are noticed */
export const requireNoMembers = async (admin: Admin, group: string): Promise<void> => {
  await coordinatorReady(admin, group);
  for (const end = Date.now() + LEAVING_MS; ; await delay(200)) {
    const { groups } = await admin.describeGroups([group]);
    if (isInactive(groups[0]?.state ?? 'none')) return;
    if (Date.now() > end) {
      throw new StreamError('REFUSED', `Group ${group} still has members, which would commit over its offsets.`, {
        next: 'Stop its consumers, then run the same again: it continues',
      });
    }
  }
};

/**
 * Commits offsets for a group without members, and reads them back.
 *
 * @throws StreamError REFUSED while it has members, SERVICE_FAILED when Kafka did not keep the offsets
 */
export const commitFor = async (settings: Brokers, group: string, commits: readonly Commit[]): Promise<void> => {
  if (commits.length === 0) return;
  await withAdmin(settings, (admin) => requireNoMembers(admin, group));
  for (let tries = 1; !(await isKept(settings, group, commits)); tries += 1) {
    if (tries > TRIES) {
      throw new StreamError('SERVICE_FAILED', `Kafka does not keep the offsets of ${group}.`, {
        next: 'Run the same again: it continues',
      });
    }
    if (tries > 1) await delay(AGAIN_MS);
    await commit(settings, group, commits);
  }
};

const commit = async (settings: Brokers, group: string, commits: readonly Commit[]): Promise<void> => {
  const consumer = openKafka(settings).consumer({ groupId: group, maxWaitTimeInMs: 100, retry: { retries: 5 } });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(commits.map(({ topic }) => topic))] });
    await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
    await consumer.commitOffsets(commits.map((each) => ({ ...each, offset: String(each.offset) }))).catch((error) => {
      // Our consumers commit once (lib/kafka/cures.ts); whether it was kept is looked at before the next try.
      if (!isRetriable(error)) throw error;
    });
  } catch (error) {
    throw kafkaFailure(error, settings);
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
};

const isKept = async (settings: Brokers, group: string, commits: readonly Commit[]): Promise<boolean> => {
  const stored = await withAdmin(settings, (admin) => admin.fetchOffsets({ groupId: group }));
  return commits.every(({ topic, partition, offset, metadata }) => {
    const found = stored.find((each) => each.topic === topic)?.partitions.find((each) => each.partition === partition);
    return Number(found?.offset) === offset && (metadata === undefined || found?.metadata === metadata);
  });
};
