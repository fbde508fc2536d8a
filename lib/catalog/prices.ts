/** What something costs, and how far that can be trusted. */
export interface Price {
  readonly usd: number;
  readonly per: string;
  /** Where it was read. */
  readonly source: string;
  /** The day it was read, or the date of the source where that is older. */
  readonly seen: string;
  /**
   * Whether the source is AWS itself, or a page that quotes it with a date. `false`: from memory, or reckoned from other
   * figures; look it up before you rely on it.
   */
  readonly checked: boolean;
}

const MSK = 'aws.amazon.com/msk/pricing';
const LAMBDA = 'aws.amazon.com/lambda/pricing';
const CACHE = 'usage.ai, "ElastiCache Serverless Pricing", which quotes aws.amazon.com/elasticache/pricing';

/** A node of a Valkey cluster: four fifths of what the same one costs with Redis OSS, which open price lists have. */
const cacheNode = (redisUsd: number) =>
  ({
    usd: Math.round(redisUsd * 8_000) / 10_000,
    per: 'node hour, Valkey',
    source: 'lists of aws.amazon.com/elasticache/pricing in public repositories: Redis OSS, less a fifth',
    seen: '2026-11-30',
    checked: false,
  }) as const;

/** On-demand prices in US East (N. Virginia), without free tiers, discounts and taxes. */
export const PRICES = {
  'express.m7g.large': { usd: 0.408, per: 'broker hour', source: MSK, seen: '2026-11-23', checked: true },
  'kafka.m7g.large': { usd: 0.204, per: 'broker hour', source: MSK, seen: '2026-11-23', checked: true },
  'kafka.t3.small': { usd: 0.0456, per: 'broker hour', source: MSK, seen: '2026-11-24', checked: false },
  expressIn: { usd: 0.01, per: 'GB written', source: MSK, seen: '2026-11-23', checked: true },
  expressStorage: {
    usd: 0.1,
    per: 'GB-month',
    source: 'fits AWS’s sizing figures',
    seen: '2026-11-24',
    checked: false,
  },
  standardStorage: { usd: 0.1, per: 'GiB-month of volumes', source: MSK, seen: '2026-11-23', checked: true },
  pollerUnit: { usd: 0.185, per: 'event poller unit hour', source: LAMBDA, seen: '2026-11-23', checked: true },
  calls: { usd: 0.2, per: 'million calls', source: LAMBDA, seen: '2026-11-24', checked: true },
  callTime: { usd: 0.0000133334, per: 'GB-second, arm64', source: LAMBDA, seen: '2026-11-24', checked: true },
  keptWarm: {
    usd: 0.0000033334,
    per: 'GB-second provisioned, arm64',
    source: LAMBDA,
    seen: '2026-11-24',
    checked: false,
  },
  connectUnit: { usd: 0.11, per: 'unit hour of MSK Connect', source: MSK, seen: '2026-11-29', checked: false },
  cacheData: { usd: 0.084, per: 'GB-hour, Valkey', source: CACHE, seen: '2026-06', checked: true },
  cacheUnits: { usd: 0.0023, per: 'million processing units, Valkey', source: CACHE, seen: '2026-06', checked: true },
  'cache.r7g.large': cacheNode(0.219),
  'cache.r7g.xlarge': cacheNode(0.437),
  'cache.r7g.2xlarge': cacheNode(0.873),
  'cache.r7g.4xlarge': cacheNode(1.745),
  'cache.r7g.8xlarge': cacheNode(3.491),
  'cache.r7g.12xlarge': cacheNode(5.235),
  'cache.r7g.16xlarge': cacheNode(6.981),
  objects: {
    usd: 0.023,
    per: 'GB-month, S3 Standard',
    source: 'aws.amazon.com/s3/pricing',
    seen: '2026-11-30',
    checked: false,
  },
  databaseStorage: {
    usd: 0.115,
    per: 'GB-month, RDS for PostgreSQL, gp3',
    source: 'aws.amazon.com/rds/postgresql/pricing',
    seen: '2026-11-30',
    checked: false,
  },
  natGateway: {
    usd: 0.045,
    per: 'gateway hour',
    source: 'aws.amazon.com/vpc/pricing',
    seen: '2026-11-24',
    checked: false,
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;
