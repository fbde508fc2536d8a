import type { Environment } from '../../catalog/index.ts';
import { UPDATES } from '../../catalog/index.ts';
import type { AlarmRow, Watched } from './alarm.ts';
import { balancerMetric, updatesMetric } from './metrics.ts';

/** The servers of the updates API, by the names that the stack has written to the Parameter Store. */
export interface WatchedUpdates extends Watched {
  readonly environment: Environment;
  readonly balancer: string;
  readonly targets: string;
  readonly leastServers: number;
}

/** Part of its connections at which there is still time for more servers. */
const NEAR = 0.8;

/** What is watched of the updates API. */
export const UPDATES_ALARMS: readonly AlarmRow<WatchedUpdates>[] = [
  {
    name: 'updates-servers',
    graph: 'Updates servers',
    says: ({ leastServers }) => `Fewer than ${leastServers} servers of the updates API are healthy.`,
    metric: (of) => balancerMetric(of, 'HealthyHostCount', { statistic: 'Minimum', label: 'healthy', minutes: 1 }),
    raised: 'below',
    threshold: ({ leastServers }) => leastServers,
    periods: 5,
    missing: 'fault',
    told: 'itself',
  },
  {
    name: 'updates-refused',
    graph: 'Updates refused',
    says: () => 'Servers of the updates API refuse connections: they are full, or do not reach Redis.',
    metric: (of) => balancerMetric(of, 'HTTPCode_Target_5XX_Count', { statistic: 'Sum', label: 'refused' }),
    raised: 'above',
    threshold: () => 50,
    periods: 2,
    missing: 'fine',
    told: 'itself',
  },
  {
    name: 'updates-connections',
    graph: 'Updates connections of a server',
    says: () => `A server of the updates API has more than 80 % of the ${UPDATES.connections} connections it takes.`,
    metric: () => updatesMetric(UPDATES.metric, { statistic: 'Maximum', label: 'most of a server' }),
    raised: 'above',
    threshold: () => NEAR * UPDATES.connections,
    periods: 2,
    missing: 'unknown',
    told: 'itself',
  },
];
