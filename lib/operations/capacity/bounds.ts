import type { Environment, TopicName } from '../../catalog/index.ts';
import type { TopicLoad } from './load.ts';
import { brokerSize, QUOTAS } from './quotas.ts';

/** A limit, and how much of it the peak takes. */
export interface Bound {
  /** What is limited, in words. */
  readonly limit: string;
  /** The topic whose limit it is; undefined where all share it. */
  readonly topic: TopicName | undefined;
  /** Part of it that is taken, 1 when it is all taken. */
  readonly used: number;
  /** Events a day, of the same mix, at which it is all taken. */
  readonly bindsAt: number;
  /** What raises it. */
  readonly raisedBy: string;
}

const CATALOG = 'lib/catalog/topics.ts';
const ENVIRONMENTS = 'lib/catalog/environments.ts';

type Limit = Pick<Bound, 'limit' | 'used' | 'raisedBy'>;

/** The limits of a topic. Lambda works one call of a partition at a time, so that order holds. */
export const topicLimits = ({ topic, concurrency, peak, bytes }: TopicLoad): readonly Limit[] => {
  const { maximumPollers } = topic.mapping;
  const { reservedConcurrency } = topic.function;
  return [
    {
      limit: 'partitions',
      used: concurrency / topic.partitions,
      raisedBy: `more partitions in ${CATALOG}, which moves keys; or less time a record`,
    },
    {
      limit: 'reserved concurrency',
      used: concurrency / reservedConcurrency,
      raisedBy: `reservedConcurrency in ${CATALOG}`,
    },
    {
      limit: 'calls of the pollers',
      used: concurrency / (maximumPollers * QUOTAS.pollerCalls),
      raisedBy: `maximumPollers in ${CATALOG}, up to the partitions`,
    },
    {
      limit: 'bytes of the pollers',
      used: (peak * bytes) / (maximumPollers * QUOTAS.pollerBytes),
      raisedBy: `maximumPollers in ${CATALOG}, up to the partitions`,
    },
  ];
};

/** What all topics together take of what they share, at the peak. */
export interface SharedLoad {
  readonly peakBytes: number;
  readonly concurrency: number;
  readonly cacheBytes: number;
  readonly cacheUnits: number;
}

/** The limits that all topics share in an environment. */
export const sharedLimits = ({ cluster, cache }: Environment, load: SharedLoad): readonly Limit[] => [
  {
    limit: `bytes into ${cluster.brokers} brokers ${cluster.instanceType}`,
    used: load.peakBytes / (cluster.brokers * brokerSize(cluster.instanceType).ingress),
    raisedBy: `cluster.brokers in ${ENVIRONMENTS}, by three at a time`,
  },
  {
    limit: 'cache memory',
    used: load.cacheBytes / (cache.gigabytes * 1e9),
    raisedBy: `cache.gigabytes in ${ENVIRONMENTS}, or shorter windows of analytics`,
  },
  {
    limit: 'cache units a second',
    used: load.cacheUnits / cache.ecpuPerSecond,
    raisedBy: `cache.ecpuPerSecond in ${ENVIRONMENTS}`,
  },
  {
    limit: 'concurrency of the account',
    used: load.concurrency / QUOTAS.accountConcurrency,
    raisedBy: 'Service Quotas, "Concurrent executions" of Lambda',
  },
];

/**
 * @param eventsPerDay of which a limit takes what it takes: everything here grows in proportion to it, where codes and users do
 */
export const boundOf = (limit: Limit, topic: TopicName | undefined, eventsPerDay: number): Bound => ({
  ...limit,
  topic,
  bindsAt: limit.used === 0 ? Number.POSITIVE_INFINITY : eventsPerDay / limit.used,
});

const NONE: Bound = { limit: 'nothing', topic: undefined, used: 0, bindsAt: Number.POSITIVE_INFINITY, raisedBy: '' };

/** The bound that binds first; of two alike the earlier. */
export const tightest = ([first = NONE, ...rest]: readonly Bound[]): Bound =>
  rest.reduce((tight, bound) => (bound.used > tight.used ? bound : tight), first);
