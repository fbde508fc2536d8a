import { StreamError } from '../../errors.ts';
import type { Admin } from '../../kafka/index.ts';
import { type BrokerRequest, onBroker } from '../../kafka/index.ts';
import { array, int32, string } from '../../kafka/wire.ts';
import type { Settings } from '../../settings.ts';

/** How much of a partition lies on one broker. */
export interface ReplicaSize {
  readonly broker: number;
  readonly partition: number;
  readonly bytes: number;
}

/** DescribeLogDirs, version 1: the sizes of some partitions of one topic, of those that the asked broker has. */
const describeLogDirs = (
  topic: string,
  partitions: readonly number[],
): BrokerRequest<readonly Omit<ReplicaSize, 'broker'>[]> => ({
  key: 35,
  version: 1,
  body: array([Buffer.concat([string(topic), array(partitions.map(int32))])]),
  read: (reader) => {
    reader.int32(); // throttled for, ms
    const folders = reader.array(() => {
      const code = reader.int16();
      reader.string(); // folder
      const found = reader.array(() => {
        reader.string(); // topic
        return reader.array(() => {
          const [partition, size] = [reader.int32(), reader.int64()];
          reader.int64(); // how far a copy in the making is behind
          return { partition, bytes: size, isFuture: reader.boolean() };
        });
      });
      return { code, found: found.flat() };
    });
    const failed = folders.find(({ code }) => code !== 0);
    if (failed !== undefined) throw new StreamError('REFUSED', `The broker does not tell sizes (code ${failed.code}).`);
    // A copy in the making is no replica yet.
    return folders.flatMap(({ found }) => found.filter(({ isFuture }) => !isFuture));
  },
});

/**
 * How many bytes each replica of a topic takes on its broker's disk; each broker is asked for its own, as only it knows.
 *
 * @returns undefined when a broker does not tell: one that is down, or rights that do not reach so far
 */
export const replicaSizes = async (
  admin: Admin,
  settings: Pick<Settings, 'kafkaAuth'>,
  topic: string,
  partitions: readonly number[],
): Promise<readonly ReplicaSize[] | undefined> => {
  const { brokers } = await admin.describeCluster();
  try {
    const sizes = await Promise.all(
      brokers.map(async ({ nodeId, host, port }) => {
        const found = await onBroker(settings, { host, port }, (ask) => ask(describeLogDirs(topic, partitions)));
        return found.map(({ partition, bytes }) => ({ broker: nodeId, partition, bytes }));
      }),
    );
    return sizes.flat();
  } catch (error) {
    if (error instanceof StreamError) return undefined;
    throw error;
  }
};
