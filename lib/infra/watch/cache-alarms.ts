import type { Environment } from '../../catalog/index.ts';
import type { AlarmRow, Watched } from './alarm.ts';
import { cacheMetric, perSecond } from './metrics.ts';

/** Part of a limit at which there is still time to raise it. */
const NEAR = 0.8;
const GIGABYTE = 1_000_000_000;

const memoryNear = ({ cache }: Environment): number => NEAR * cache.gigabytes * GIGABYTE;
const unitsNear = ({ cache }: Environment): number => NEAR * cache.ecpuPerSecond;

/** What is watched of the cache. */
export const CACHE_ALARMS: readonly AlarmRow<Watched>[] = [
  {
    name: 'cache-memory',
    graph: 'Cache memory, bytes',
    says: ({ environment }) => `The cache holds more than 80 % of the ${environment.cache.gigabytes} GB it may hold.`,
    metric: ({ environment }) => cacheMetric(environment, 'BytesUsedForCache', { statistic: 'Maximum', label: 'used' }),
    raised: 'above',
    threshold: ({ environment }) => memoryNear(environment),
    periods: 2,
    missing: 'unknown',
    told: 'itself',
  },
  {
    name: 'cache-evictions',
    graph: 'Cache evictions',
    says: () => 'The cache throws data away to make room: marks and counters may be gone.',
    metric: ({ environment }) => cacheMetric(environment, 'Evictions', { statistic: 'Sum', label: 'evictions' }),
    raised: 'above',
    threshold: () => 0,
    periods: 1,
    missing: 'fine',
    told: 'itself',
  },
  {
    name: 'cache-throttled',
    graph: 'Cache commands throttled',
    says: () => 'The cache refuses commands: it is at its limit, or load grows faster than it does.',
    metric: ({ environment }) =>
      cacheMetric(environment, 'ThrottledCmds', { statistic: 'Sum', label: 'throttled', minutes: 1 }),
    raised: 'above',
    threshold: () => 0,
    periods: 3,
    missing: 'fine',
    told: 'itself',
    isPlatform: true,
  },
  {
    name: 'cache-units',
    graph: 'Cache units a second',
    says: ({ environment }) =>
      `The cache uses more than 80 % of the ${environment.cache.ecpuPerSecond} processing units a second it may use.`,
    metric: ({ environment }) =>
      perSecond(
        cacheMetric(environment, 'ElastiCacheProcessingUnits', { statistic: 'Sum', minutes: 1 }),
        'units a second',
      ),
    raised: 'above',
    threshold: ({ environment }) => unitsNear(environment),
    periods: 5,
    missing: 'unknown',
    told: 'itself',
  },
];
