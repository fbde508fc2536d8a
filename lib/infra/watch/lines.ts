import { MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type Environment, SCHEDULED_FUNCTIONS } from '../../catalog/index.ts';
import { METRICS_NAMESPACE } from '../../functions/index.ts';
import type { Graph } from './alarm.ts';
import { brokerMetric, cacheMetric, clusterMetric, functionMetric, mappingMetric } from './metrics.ts';
import type { WatchedTopic } from './topic-alarms.ts';

/** What an environment's dashboard shows. */
export interface Shown {
  readonly environment: Environment;
  readonly topics: readonly WatchedTopic[];
  /** Numbers of the brokers. */
  readonly brokers: readonly number[];
}

/** Letters by reason; an alarm could not be set on a search. */
const deadLettersByReason = (): MathExpression =>
  new MathExpression({
    expression: `SEARCH('{${METRICS_NAMESPACE},reason,service,topic} MetricName="DeadLetters"', 'Sum', 300)`,
    usingMetrics: {},
    label: '',
  });

/** Lines of graphs that no alarm watches. */
export const plainLines = ({
  environment,
  topics,
  brokers,
}: Shown): Readonly<Partial<Record<Graph, readonly (Metric | MathExpression)[]>>> => {
  const ofEachMapping = (metricName: string, statistic: string): Metric[] =>
    topics.map(({ name, mappingId }) => mappingMetric(mappingId, metricName, { statistic, label: name }));
  const ofEachBroker = (metricName: string, statistic: string, label: string): Metric[] =>
    brokers.map((broker) =>
      brokerMetric(environment, broker, metricName, { statistic, label: `broker ${broker}${label}` }),
    );
  const names = [...topics, ...SCHEDULED_FUNCTIONS].map(({ name }) => name);
  return {
    'Records worked': ofEachMapping('CommittedEventCount', 'Sum'),
    'Dead letters': [deadLettersByReason()],
    'Calls at the same time': names.map((name) =>
      functionMetric(environment, name, 'ConcurrentExecutions', { statistic: 'Maximum', label: name }),
    ),
    Pollers: ofEachMapping('ProvisionedPollers', 'Maximum'),
    'Bytes polled': ofEachMapping('EventPollerThroughputInBytes', 'Sum'),
    'Bytes in': ofEachBroker('BytesInPerSec', 'Average', ', a second'),
    ...(environment.cluster.kind === 'express'
      ? {
          'Broker disk': [
            clusterMetric(environment, 'StorageUsed', { statistic: 'Maximum', label: 'bytes, all topics' }),
          ],
        }
      : {}),
    'Cache commands throttled': [
      cacheMetric(environment, 'TotalCmdsCount', { statistic: 'Sum', label: 'all commands' }),
    ],
  };
};
