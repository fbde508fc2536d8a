import type { AlarmRow, Watched } from './alarm.ts';
import { brokerMetric, clusterMetric, sumOf } from './metrics.ts';

/** A broker; numbers begin at 1. */
export interface WatchedBroker extends Watched {
  readonly name: string;
  readonly broker: number;
}

/** MSK tells less of Express brokers, whose storage and replication it keeps by itself (metrics-details-express). */
const isStandard = ({ environment }: Watched): boolean => environment.cluster.kind === 'standard';
const isExpress = (of: Watched): boolean => !isStandard(of);

/** What is watched of the cluster. */
export const CLUSTER_ALARMS: readonly AlarmRow<Watched>[] = [
  {
    name: 'no-controller',
    graph: 'Replication',
    says: () => 'The Kafka cluster has no active controller, or tells nothing of itself.',
    // A moment without one is part of every restart of a broker.
    metric: ({ environment }) =>
      clusterMetric(environment, 'ActiveControllerCount', { statistic: 'Maximum', label: 'controllers', minutes: 1 }),
    raised: 'below',
    threshold: () => 1,
    periods: 5,
    missing: 'fault',
    told: 'itself',
    isPlatform: true,
  },
  {
    name: 'offline-partitions',
    graph: 'Replication',
    says: () => 'Partitions have no leader: they can be neither written nor read.',
    metric: ({ environment }) =>
      clusterMetric(environment, 'OfflinePartitionsCount', { statistic: 'Maximum', label: 'offline', minutes: 1 }),
    raised: 'above',
    threshold: () => 0,
    periods: 2,
    missing: 'unknown',
    told: 'itself',
    isPlatform: true,
    appliesTo: isStandard,
  },
];

/** What is watched of each broker. */
export const BROKER_ALARMS: readonly AlarmRow<WatchedBroker>[] = [
  {
    name: 'under-min-isr',
    graph: 'Replication',
    says: ({ broker }) => `Partitions led by broker ${broker} have too few copies: they take no records.`,
    metric: ({ environment, broker }) =>
      brokerMetric(environment, broker, 'UnderMinIsrPartitionCount', {
        statistic: 'Maximum',
        label: `under min.insync, broker ${broker}`,
        minutes: 1,
      }),
    raised: 'above',
    threshold: () => 0,
    periods: 2,
    missing: 'unknown',
    told: 'itself',
    isPlatform: true,
    appliesTo: isStandard,
  },
  {
    name: 'producers-held',
    graph: 'Producers held, ms',
    says: ({ broker }) => `Broker ${broker} slows its producers down: more comes in than its size takes.`,
    metric: ({ environment, broker }) =>
      brokerMetric(environment, broker, 'ProduceThrottleTime', { statistic: 'Average', label: `broker ${broker}` }),
    raised: 'above',
    threshold: () => 0,
    periods: 2,
    // Visible only once it has happened.
    missing: 'fine',
    told: 'itself',
    isPlatform: true,
    appliesTo: isExpress,
  },
  {
    name: 'broker-cpu',
    graph: 'Broker processor, percent',
    says: ({ broker, environment }) =>
      `The processor of broker ${broker} is more than ${environment.alarms.brokerPercent} % at work.`,
    metric: ({ name, environment, broker }) =>
      sumOf(
        name,
        `broker ${broker}`,
        brokerMetric(environment, broker, 'CpuUser', { statistic: 'Average' }),
        brokerMetric(environment, broker, 'CpuSystem', { statistic: 'Average' }),
      ),
    raised: 'above',
    threshold: ({ environment }) => environment.alarms.brokerPercent,
    periods: 3,
    missing: 'unknown',
    told: 'itself',
  },
  {
    name: 'broker-disk',
    graph: 'Broker disk',
    says: ({ broker, environment }) =>
      `The disk of broker ${broker} is more than ${environment.alarms.brokerPercent} % full.`,
    metric: ({ environment, broker }) =>
      brokerMetric(environment, broker, 'KafkaDataLogsDiskUsed', {
        statistic: 'Maximum',
        label: `broker ${broker}, percent`,
      }),
    raised: 'above',
    threshold: ({ environment }) => environment.alarms.brokerPercent,
    periods: 1,
    missing: 'unknown',
    told: 'itself',
    appliesTo: isStandard,
  },
  {
    name: 'too-many-connections',
    graph: 'Connections refused',
    says: ({ broker }) => `Broker ${broker} refuses connections: more are opened a second than it authenticates.`,
    metric: ({ environment, broker }) =>
      brokerMetric(environment, broker, 'IAMTooManyConnections', { statistic: 'Sum', label: `broker ${broker}` }),
    raised: 'above',
    threshold: () => 0,
    periods: 2,
    missing: 'fine',
    told: 'itself',
  },
];
