import type { Admin } from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { type ReplicaSize, replicaSizes } from './brokers/log-dirs.ts';
import { groupsOn, recordsPerSecond, type TopicGroup } from './topic-traffic.ts';
import { describeTopic, type PartitionDetail, type TopicDetail } from './topics.ts';

export interface PartitionReport extends PartitionDetail {
  /** Bytes of the leader's copy; null where the broker does not tell. */
  readonly bytes: number | null;
  readonly recordsPerSecond: number;
}

/** A topic with what goes on on it. */
export interface TopicReport extends TopicDetail {
  readonly partitionDetails: readonly PartitionReport[];
  /** Bytes of the leaders' copies together; null where a broker does not tell. */
  readonly bytes: number | null;
  /** Bytes of all copies. */
  readonly bytesOnDisk: number | null;
  /** The rate of publishing over the last {@link TopicReport.rateMinutes} minutes. */
  readonly recordsPerSecond: number;
  readonly rateMinutes: number;
  readonly groups: readonly TopicGroup[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const bytesOf = ({ partition, leader }: PartitionDetail, sizes: readonly ReplicaSize[]): number =>
  sizes.find((size) => size.partition === partition && size.broker === leader)?.bytes ?? 0;

/**
 * @param rateMinutes over which the rate of publishing is measured
 * @throws StreamError NOT_FOUND when there is no such topic
 */
export const reportTopic = async (
  admin: Admin,
  settings: Pick<Settings, 'kafkaAuth'>,
  name: string,
  rateMinutes: number,
): Promise<TopicReport> => {
  const topic = await describeTopic(admin, name);
  const numbers = topic.partitionDetails.map(({ partition }) => partition);
  const [sizes, rates, groups] = await Promise.all([
    replicaSizes(admin, settings, name, numbers),
    recordsPerSecond(admin, name, rateMinutes, topic.partitionDetails),
    groupsOn(admin, name, topic.partitionDetails),
  ]);
  const partitionDetails = topic.partitionDetails.map((each) => ({
    ...each,
    bytes: sizes === undefined ? null : bytesOf(each, sizes),
    recordsPerSecond: rates.get(each.partition) ?? 0,
  }));
  return {
    ...topic,
    partitionDetails,
    bytes: sizes === undefined ? null : sum(partitionDetails.map(({ bytes }) => bytes ?? 0)),
    bytesOnDisk: sizes === undefined ? null : sum(sizes.map(({ bytes }) => bytes)),
    recordsPerSecond: sum([...rates.values()]),
    rateMinutes,
    groups,
  };
};
