import { DEAD_LETTER_TOPIC, topic as entryOf } from '../../catalog/index.ts';
import type { Admin } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import {
  type AtConnector,
  atConnectors,
  forgetAtConnectors,
  readLetter,
  setStatus,
} from '../../stores/dead-letters/index.ts';
import type { Redis } from '../../stores/redis.ts';
import { withAdmin } from '../cluster.ts';
import { boundsOf } from '../topics.ts';

/** A connector that was deleted passes nothing any more: so long it is looked for. */
const LOOKED_FOR_MS = 7 * 24 * 60 * 60 * 1_000;

/** What a group has committed of a topic, by partition. */
const committedOf = async (admin: Admin, groupId: string, topic: string): Promise<ReadonlyMap<number, number>> => {
  const found = await admin.fetchOffsets({ groupId, topics: [topic] });
  return new Map(
    found.flatMap(({ partitions }) => partitions.map(({ partition, offset }) => [partition, Number(offset)])),
  );
};

/**
 * Whether the groups of the connectors have passed these records. A sink commits after its records are taken or lie on the
 * dead-letter queue (Kafka Connect, `WorkerSinkTask` and `ErrantRecordReporter`).
 */
const passedOf = async (admin: Admin, waiting: readonly AtConnector[]): Promise<readonly AtConnector[]> => {
  const offsets = new Map<string, Promise<ReadonlyMap<number, number>>>();
  const isPassed = async ({ group, position }: AtConnector): Promise<boolean> => {
    const [topic = '', partition, offset] = position.split('/');
    const name = `${group}/${topic}`;
    const committed = offsets.get(name) ?? committedOf(admin, group, topic);
    offsets.set(name, committed);
    return ((await committed).get(Number(partition)) ?? -1) > Number(offset);
  };
  const passed = await Promise.all(waiting.map(isPassed));
  return waiting.filter((_, i) => passed[i] === true);
};

/** Whether the dead-letter queue is read to its end, as it is by now. */
const isQueueRead = async (admin: Admin): Promise<boolean> => {
  const { consumerGroup } = entryOf(DEAD_LETTER_TOPIC);
  const [bounds, committed] = await Promise.all([
    boundsOf(admin, DEAD_LETTER_TOPIC),
    committedOf(admin, consumerGroup, DEAD_LETTER_TOPIC),
  ]);
  return bounds.every(({ partition, begin, end }) => begin === end || (committed.get(partition) ?? -1) >= end);
};

/**
 * Letters that were put back for a connector are done once it has passed them and they have not come back. Costs one question
 * to Redis while there is none. After a week nobody looks any more, and the letter stays `redriven`.
 *
 * @throws StreamError when the brokers do not answer
 */
export const settlePassed = async (settings: Pick<Settings, 'brokers' | 'kafkaAuth'>, redis: Redis): Promise<void> => {
  const all = await atConnectors(redis);
  if (all.length === 0) return;
  const waiting = all.filter(({ at }) => Date.now() - Date.parse(at) < LOOKED_FOR_MS);
  const passed = await withAdmin(settings, async (admin) => {
    const found = await passedOf(admin, waiting);
    // What came back lies on the queue by then; it says so itself once it is filed.
    return found.length > 0 && (await isQueueRead(admin)) ? found : [];
  });
  const at = new Date().toISOString();
  await Promise.all(
    passed.map(async ({ id, redriveCount }) => {
      const letter = await readLetter(redis, id);
      if (letter?.status === 'redriven' && letter.redriveCount === redriveCount) {
        await setStatus(redis, letter, 'done', { at });
      }
    }),
  );
  const isOver = (one: AtConnector): boolean => passed.includes(one) || !waiting.includes(one);
  await forgetAtConnectors(
    redis,
    all.filter(isOver).map(({ id }) => id),
  );
};
