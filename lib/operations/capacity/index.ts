import { type Environment, PRICES, type PriceName, TOPICS, type TopicName } from '../../catalog/index.ts';
import { type Bound, boundOf, sharedLimits, tightest, topicLimits } from './bounds.ts';
import {
  type CacheLoad,
  type GroupSize,
  groupSizes,
  type History,
  historyOf,
  kindSizes,
  type NodesPlan,
  nodesPlan,
  type ServerlessPlan,
  serverlessPlan,
  usualLoad,
  type Windows,
} from './cache/index.ts';
import { type Cost, costsOf } from './dollars.ts';
import { type ClusterLoad, type ClusterPlan, expressPlan, standardPlan } from './kafka.ts';
import { loadOf, type TopicLoad } from './load.ts';
import type { Mix } from './mix.ts';
import { QUOTAS } from './quotas.ts';
import { WORK } from './work.ts';

export type { Bound } from './bounds.ts';
export type { GroupSize, History, KeyGroup, NodesPlan, ServerlessPlan, Size, Windows } from './cache/index.ts';
export { type Cost, NOT_COUNTED } from './dollars.ts';
export { type ClusterLoad, type ClusterPlan, expressPlan, standardPlan } from './kafka.ts';
export { type Mix, mixFrom, readMix, SIMULATED_MIX } from './mix.ts';

export interface CapacityQuestion {
  readonly environment: Environment;
  /** Records on all topics together, follow-ups of functions among them. */
  readonly eventsPerDay: number;
  /** Undefined: as many scans as there are, beside what users do. */
  readonly mix?: Mix | undefined;
  /** Codes that are scanned, and users whose they are; undefined: as many as go with the scans. */
  readonly codes?: number | undefined;
  readonly users?: number | undefined;
  /** How long analytics stay in the cache. */
  readonly windows: Windows;
  /** The busiest second, in times of the mean. */
  readonly peak: number;
}

/** What of the cache there is, and what each way to have it costs a month. */
export interface CacheCapacity {
  readonly bytes: number;
  readonly keys: number;
  readonly groups: readonly GroupSize[];
  readonly unitsPerSecondPeak: number;
  /** Processors of Redis at the peak. */
  readonly processorsPeak: number;
  readonly serverless: ServerlessPlan;
  readonly nodes: NodesPlan;
  readonly cheaper: 'serverless' | 'nodes';
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
  readonly scansPerDay: number;
  readonly codes: number;
  readonly users: number;
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
  readonly cache: CacheCapacity;
  readonly history: History;
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

/** What the records of all topics ask of the cache in a second, on the mean. */
const asked = (loads: readonly TopicLoad[], of: (topic: TopicName) => number): number =>
  sum(loads, ({ mean, topic }) => mean * of(topic.name));

const cacheOf = (groups: readonly GroupSize[], loads: readonly TopicLoad[], peak: number): CacheCapacity => {
  const units = asked(loads, (name) => WORK[name].cacheCommands);
  const processors = asked(loads, (name) => WORK[name].cacheMicros / 1e6);
  const bytes = sum(groups, (group) => group.bytes);
  const load: CacheLoad = { bytes, units, peakProcessors: processors * peak };
  const [serverless, nodes] = [serverlessPlan(load), nodesPlan(load)];
  return {
    bytes,
    keys: sum(groups, ({ keys }) => keys),
    groups,
    unitsPerSecondPeak: units * peak,
    processorsPeak: load.peakProcessors,
    serverless,
    nodes,
    cheaper: nodes.usd < serverless.usd ? 'nodes' : 'serverless',
  };
};

const cacheCost = ({ cheaper, serverless, nodes }: CacheCapacity): Cost =>
  cheaper === 'serverless'
    ? { what: 'Cache, Serverless', usd: serverless.usd }
    : { what: `Cache, ${nodes.nodes} ${nodes.instanceType}`, usd: nodes.usd };

/**
 * What a load needs, costs and meets first. Sizes are those of the peak, dollars those of the mean. Records are taken to
 * spread evenly over the partitions; one key with most of the load meets its partition's limit sooner.
 *
 * @throws StreamError NOT_FOUND where the environment's brokers are of a type that is not known, USAGE where the users alone
 * would make more records than there are
 */
export const capacityOf = ({
  environment,
  eventsPerDay,
  mix,
  codes,
  users,
  windows,
  peak,
}: CapacityQuestion): Capacity => {
  const { activity, scans, records } = usualLoad({ eventsPerDay, mix, codes, users, windows });
  const loads = TOPICS.map((topic) => loadOf(topic, records[topic.name], peak));
  const cluster = clusterLoad(loads);
  const [express, standard] = [expressPlan(cluster), standardPlan(cluster)];
  const meanPerSecond = sum(loads, ({ mean }) => mean);
  const concurrency = sum(loads, (load) => load.concurrency);
  const meanPollers = sum(loads, (load) => load.meanPollers);
  const peakPollers = sum(loads, ({ pollers }) => pollers);
  const unitsMean = unitsFor(meanPollers, cluster.peakBytes / peak);
  const cache = cacheOf(groupSizes(kindSizes(activity)), loads, peak);
  const history = historyOf(environment, activity);
  const costs = costsOf(environment, { topics: loads, pollerUnits: unitsMean, cache: cacheCost(cache), history });
  const rest = sum(costs, ({ usd }) => usd);
  const topics = loads.map((load) => topicCapacity(load, eventsPerDay));
  const shared = sharedLimits(environment, {
    peakBytes: cluster.peakBytes,
    concurrency,
    cacheBytes: cache.bytes,
    cacheUnits: cache.unitsPerSecondPeak,
  }).map((limit) => boundOf(limit, undefined, eventsPerDay));
  return {
    environment: environment.name,
    eventsPerDay,
    meanPerSecond,
    peakPerSecond: meanPerSecond * peak,
    bytesPerDay: cluster.bytesPerDay,
    scansPerDay: scans,
    codes: activity.population.codes,
    users: activity.population.users,
    topics,
    kafka: { partitions: cluster.partitions, express, standard },
    pollers: {
      peak: peakPollers,
      mean: meanPollers,
      unitsPeak: unitsFor(peakPollers, cluster.peakBytes),
      unitsMean,
    },
    concurrency,
    cache,
    history,
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
