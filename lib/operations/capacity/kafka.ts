import { PRICES } from '../../catalog/index.ts';
import { type BrokerSize, brokerSize } from './quotas.ts';

/** Hours of a month, as AWS counts them. */
export const MONTH_HOURS = 730;
const MONTH_DAYS = MONTH_HOURS / 24;
const GB = 1e9;
const GIB = 1_024 ** 3;

/** Copies of each partition. */
const COPIES = 3;
/** Records stay somewhat longer than they must, because Kafka deletes whole segments, and there must be room to grow. */
const SLACK = 1.5;
/** Part of a volume that may be full in the end. */
const FILLED = 2 / 3;

/** What a cluster has to carry. */
export interface ClusterLoad {
  readonly partitions: number;
  /** Bytes a second from clients at the peak. */
  readonly peakBytes: number;
  readonly bytesPerDay: number;
  /** Bytes of one copy of everything that is within its retention. */
  readonly keptBytes: number;
}

/** A cluster that carries a load. */
export interface ClusterPlan {
  readonly instanceType: BrokerSize['instanceType'];
  /** A multiple of three: one more in each zone. */
  readonly brokers: number;
  /** GiB of each broker's volume; undefined where MSK keeps the storage. */
  readonly volumeGib: number | undefined;
  /** Dollars a month. */
  readonly usd: number;
}

/** MSK, "Amazon MSK Standard broker quota". */
const LARGEST_VOLUME_GIB = 16_384;

/** Brokers come in threes, one in each zone. */
const inThrees = (brokers: number): number => 3 * Math.max(1, Math.ceil(brokers / 3));

const brokersFor = ({ ingress, partitions }: BrokerSize, load: ClusterLoad): number =>
  inThrees(Math.max(load.peakBytes / ingress, (COPIES * load.partitions) / partitions));

/** Express brokers: the broker, what is written, what is kept (one copy is paid for). */
export const expressPlan = (load: ClusterLoad): ClusterPlan => {
  const size = brokerSize('express.m7g.large');
  const brokers = brokersFor(size, load);
  const usd =
    brokers * MONTH_HOURS * PRICES[size.instanceType].usd +
    ((load.bytesPerDay * MONTH_DAYS) / GB) * PRICES.expressIn.usd +
    ((load.keptBytes * SLACK) / GB) * PRICES.expressStorage.usd;
  return { instanceType: size.instanceType, brokers, volumeGib: undefined, usd };
};

/** Standard brokers: the broker and its volume, for all three copies. */
export const standardPlan = (load: ClusterLoad): ClusterPlan => {
  const size = brokerSize('kafka.m7g.large');
  const gib = (load.keptBytes * COPIES * SLACK) / FILLED / GIB;
  const brokers = Math.max(brokersFor(size, load), inThrees(gib / LARGEST_VOLUME_GIB));
  const usd = brokers * MONTH_HOURS * PRICES[size.instanceType].usd + gib * PRICES.standardStorage.usd;
  return { instanceType: size.instanceType, brokers, volumeGib: Math.ceil(gib / brokers), usd };
};
