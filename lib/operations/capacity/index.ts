import { type Environment, PRICES, type PriceName, TOPICS, type TopicName } from '../../catalog/index.ts';
import { type Bound, boundOf, sharedLimits, tightest, topicLimits } from './bounds.ts';
import { type Cost, costsOf } from './dollars.ts';
import { type ClusterLoad, type ClusterPlan, expressPlan, standardPlan } from './kafka.ts';
import { loadOf, type TopicLoad } from './load.ts';
import type { Mix } from './mix.ts';
import { QUOTAS } from './quotas.ts';
import { CACHE_UNITS, MARK_BYTES } from './work.ts';

export type { Bound } from './bounds.ts';
export { type Cost, NOT_COUNTED } from './dollars.ts';
export { type ClusterLoad, type ClusterPlan, expressPlan, standardPlan } from './kafka.ts';
export { DEFAULT_MIX, type Mix, mixFrom, readMix } from './mix.ts';

export interface CapacityQuestion {
  readonly environment: Environment;
  /** Records on all topics together, follow-ups of functions among them. */
  readonly eventsPerDay: number;
  readonly mix: Mix;
  /** The busiest second, in times of the mean. */
  readonly peak: number;
}

export interface TopicCapacity {
  readonly topic: TopicName;
  readonly eventsPerDay: number;
  readonly peakPerSecond: number;
  readonly partitions: number;
  /** Pollers that the peak needs, and those it may have. */
  readonly pollers: number;
  readonly maximumPollers: number;
  /** Environments at work at the peak, and those it may have. */
  readonly concurrency: number;
  readonly reservedConcurrency: number;
  readonly bound: Bound;
}

export interface Capacity {
  readonly environment: Environment['name'];
  readonly eventsPerDay: number;
  readonly meanPerSecond: number;
  readonly peakPerSecond: number;
  readonly bytesPerDay: number;
  readonly topics: readonly TopicCapacity[];
  readonly kafka: { readonly partitions: number; readonly express: ClusterPlan; readonly standard: ClusterPlan };
  /** Pollers and units of them, all topics in one group. */
  readonly pollers: {
    readonly peak: number;
    readonly mean: number;
    readonly unitsPeak: number;
    readonly unitsMean: number;
  };
  readonly concurrency: number;
  readonly cache: { readonly bytes: number; readonly unitsPerSecondPeak: number };
  /** Of a month, beside the brokers. */
  readonly costs: readonly Cost[];
  readonly usd: { readonly express: number; readonly standard: number };
  /** What all topics share. */
  readonly shared: readonly Bound[];
  readonly bindsFirst: Bound;
  /** Prices that nobody has checked. */
  readonly unchecked: readonly PriceName[];
}

const DAY_MS = 86_400_000;
const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/** Event poller units that carry pollers and bytes of one group. */
const unitsFor = (pollers: number, bytesPerSecond: number): number =>
  Math.ceil(Math.max(pollers / QUOTAS.unitPollers, bytesPerSecond / QUOTAS.unitBytes));

const clusterLoad = (loads: readonly TopicLoad[]): ClusterLoad => ({
  partitions: sum(TOPICS, ({ partitions }) => partitions),
  peakBytes: sum(loads, ({ peak, bytes }) => peak * bytes),
  bytesPerDay: sum(loads, ({ records, bytes }) => records * bytes),
  keptBytes: sum(loads, ({ records, bytes, topic }) => (records * bytes * topic.retentionMs) / DAY_MS),
});

/** Marks of what was done, at the end of the time for which they are kept. States grow with users and codes, not with events. */
const cacheBytesOf = (loads: readonly TopicLoad[]): number =>
  sum(loads, ({ records, topic }) => (records * MARK_BYTES * topic.idempotencyHours) / 24);

/**
 * What a load needs, costs and meets first. Sizes are those of the peak, dollars those of the mean. Records are taken to
 * spread evenly over the partitions; one key with most of the load meets its partition's limit sooner.
 *
 * @throws StreamError NOT_FOUND where the environment's brokers are of a type that is not known
 */
export const capacityOf = ({ environment, eventsPerDay, mix, peak }: CapacityQuestion): Capacity => {
  const whole = sum(TOPICS, ({ name }) => mix[name] ?? 0);
  const loads = TOPICS.map((topic) => loadOf(topic, (eventsPerDay * (mix[topic.name] ?? 0)) / whole, peak));
  const cluster = clusterLoad(loads);
  const [express, standard] = [expressPlan(cluster), standardPlan(cluster)];
  const meanPerSecond = sum(loads, ({ mean }) => mean);
  const concurrency = sum(loads, (load) => load.concurrency);
  const cacheBytes = cacheBytesOf(loads);
  const meanPollers = sum(loads, (load) => load.meanPollers);
  const peakPollers = sum(loads, ({ pollers }) => pollers);
  const unitsMean = unitsFor(meanPollers, cluster.peakBytes / peak);
  const costs = costsOf(environment, {
    topics: loads,
    pollerUnits: unitsMean,
    cacheBytes,
    cacheUnits: meanPerSecond * CACHE_UNITS,
  });
  const rest = sum(costs, ({ usd }) => usd);
  const topics = loads.map((load) => topicCapacity(load, eventsPerDay));
  const cacheUnits = meanPerSecond * peak * CACHE_UNITS;
  const shared = sharedLimits(environment, { peakBytes: cluster.peakBytes, concurrency, cacheBytes, cacheUnits }).map(
    (limit) => boundOf(limit, undefined, eventsPerDay),
  );
  return {
    environment: environment.name,
    eventsPerDay,
    meanPerSecond,
    peakPerSecond: meanPerSecond * peak,
    bytesPerDay: cluster.bytesPerDay,
    topics,
    kafka: { partitions: cluster.partitions, express, standard },
    pollers: {
      peak: peakPollers,
      mean: meanPollers,
      unitsPeak: unitsFor(peakPollers, cluster.peakBytes),
      unitsMean,
    },
    concurrency,
    cache: { bytes: cacheBytes, unitsPerSecondPeak: cacheUnits },
    costs,
    usd: { express: express.usd + rest, standard: standard.usd + rest },
    shared,
    bindsFirst: tightest([...shared, ...topics.map(({ bound }) => bound)]),
    unchecked: PRICE_NAMES.filter((name) => !PRICES[name].checked),
  };
};

const isPriceName = (name: string): name is PriceName => Object.hasOwn(PRICES, name);
const PRICE_NAMES = Object.keys(PRICES).filter(isPriceName);

const topicCapacity = (load: TopicLoad, eventsPerDay: number): TopicCapacity => {
  const { topic, records, peak, pollers, concurrency } = load;
  return {
    topic: topic.name,
    eventsPerDay: records,
    peakPerSecond: peak,
    partitions: topic.partitions,
    pollers,
    maximumPollers: topic.mapping.maximumPollers,
    concurrency,
    reservedConcurrency: topic.function.reservedConcurrency,
    bound: tightest(topicLimits(load).map((limit) => boundOf(limit, topic.name, eventsPerDay))),
  };
};
