import { PRICES } from '../../../catalog/index.ts';
import { MONTH_HOURS } from '../kafka.ts';
import { CACHE_NODES, type CacheNode } from '../quotas.ts';

const MONTH_SECONDS = MONTH_HOURS * 3_600;
const MILLION = 1e6;
const GB = 1e9;
const GIB = 1_024 ** 3;

/** ElastiCache counts at least so much data of a Valkey cache. */
const SMALLEST_GB = 0.1;

/** What a cache has to carry. */
export interface CacheLoad {
  readonly bytes: number;
  /** Processing units a second on the mean: Serverless is paid for by use. */
  readonly units: number;
  /** Processors of Redis at the peak: nodes are paid for whether they work or not. */
  readonly peakProcessors: number;
}

/** Dollars a month of a cache that scales by itself. */
export interface ServerlessPlan {
  readonly dataUsd: number;
  readonly commandsUsd: number;
  readonly usd: number;
}

export const serverlessPlan = ({ bytes, units }: CacheLoad): ServerlessPlan => {
  const dataUsd = Math.max(SMALLEST_GB, bytes / GB) * MONTH_HOURS * PRICES.cacheData.usd;
  const commandsUsd = ((units * MONTH_SECONDS) / MILLION) * PRICES.cacheUnits.usd;
  return { dataUsd, commandsUsd, usd: dataUsd + commandsUsd };
};

/** A cluster of nodes: shards, each with a replica in another zone. */
export interface NodesPlan {
  readonly instanceType: CacheNode['instanceType'];
  readonly shards: number;
  /** Replicas among them. */
  readonly nodes: number;
  readonly usd: number;
}

/** ElastiCache, "Managing reserved memory": a quarter is for backups and failovers. */
const FOR_DATA = 0.75;
/** Commands run on one processor of a node; the rest is for bursts, and for a replica that catches up. */
const BUSY = 0.6;
const COPIES = 2;

/** The cheapest nodes that hold the data and carry the peak. */
export const nodesPlan = ({ bytes, peakProcessors }: CacheLoad): NodesPlan => {
  const plans = CACHE_NODES.map(({ instanceType, gib }): NodesPlan => {
    const shards = Math.max(1, Math.ceil(bytes / (gib * GIB * FOR_DATA)), Math.ceil(peakProcessors / BUSY));
    const nodes = shards * COPIES;
    return { instanceType, shards, nodes, usd: nodes * MONTH_HOURS * PRICES[instanceType].usd };
  });
  return plans.reduce((cheapest, plan) => (plan.usd < cheapest.usd ? plan : cheapest));
};
