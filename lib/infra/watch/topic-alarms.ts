import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { DEAD_LETTER_TOPIC, type Topic } from '../../catalog/index.ts';
import type { AlarmRow, Watched } from './alarm.ts';
import { mappingMetric, percentOf, type Reading, streamMetric } from './metrics.ts';

/** A topic with the event source mapping that reads it. */
export interface WatchedTopic extends Watched {
  readonly name: string;
  readonly topic: Topic;
  readonly mappingId: string;
}

const mapping = ({ name, mappingId }: WatchedTopic, metricName: string, reading: Reading): Metric =>
  mappingMetric(mappingId, metricName, { label: name, ...reading });

/** What is watched of each topic. */
export const TOPIC_ALARMS: readonly AlarmRow<WatchedTopic>[] = [
  {
    name: 'records-lost',
    graph: 'Records lost',
    says: ({ name }) => `Lambda gave up records of ${name} and could keep them nowhere.`,
    metric: (of) => mapping(of, 'DroppedEventCount', { statistic: 'Sum', minutes: 1 }),
    raised: 'above',
    threshold: () => 0,
    periods: 1,
    missing: 'fine',
    told: 'itself',
  },
  {
    name: 'dead-letters-refused',
    graph: 'Records lost',
    says: ({ name }) => `Records of ${name} that were given up do not reach their on-failure destination.`,
    metric: (of) => mapping(of, 'OnFailureDestinationDeliveryErrorCount', { statistic: 'Sum', minutes: 1 }),
    raised: 'above',
    threshold: () => 0,
    periods: 1,
    missing: 'fine',
    told: 'itself',
  },
  {
    name: 'mapping-silent',
    graph: 'Polls',
    // Empty polls count as well, with the value 0: no values at all means that nobody polls.
    says: ({ name }) =>
      `Nobody has polled ${name} for a quarter of an hour: its event source mapping is off, or fails.`,
    metric: (of) => mapping(of, 'PolledEventCount', { statistic: 'SampleCount' }),
    raised: 'below',
    threshold: () => 1,
    periods: 3,
    missing: 'fault',
    told: 'itself',
  },
  {
    name: 'lag',
    graph: 'Records behind',
    says: ({ topic, environment }) =>
      `${topic.consumerGroup} is more than ${environment.alarms.lag} records behind on ${topic.name}.`,
    metric: (of) => mapping(of, 'SumOffsetLag', { statistic: 'Maximum' }),
    raised: 'above',
    threshold: ({ environment }) => environment.alarms.lag,
    periods: 3,
    // mapping-silent speaks when the mapping tells nothing at all.
    missing: 'unknown',
    told: 'behind',
  },
  {
    name: 'latency',
    graph: 'From publishing to effect, p95, ms',
    says: ({ topic }) =>
      `One record of twenty on ${topic.name} takes longer than its objective, ${topic.latencyObjectiveMs} ms, from publishing to effect.`,
    metric: ({ topic, name }) => streamMetric(topic, 'EndToEndLatency', { statistic: 'p95', label: name }),
    raised: 'above',
    threshold: ({ topic }) => topic.latencyObjectiveMs,
    periods: 3,
    missing: 'fine',
    told: 'behind',
  },
  {
    name: 'retries',
    graph: 'Records to be tried again, percent',
    says: ({ name, environment }) =>
      `More than ${environment.alarms.errorRatePercent} % of the records handed to the function of ${name} fail and come again.`,
    metric: (of) =>
      percentOf(
        of.name,
        mapping(of, 'FailedInvokeEventCount', { statistic: 'Sum' }),
        mapping(of, 'InvokedEventCount', { statistic: 'Sum' }),
      ),
    raised: 'above',
    threshold: ({ environment }) => environment.alarms.errorRatePercent,
    periods: 3,
    missing: 'fine',
    told: 'behind',
  },
  {
    name: 'cache-loss',
    graph: 'Cache losses',
    says: ({ name }) => `The cache has lost its newest writes; the function of ${name} has noticed it.`,
    // An alarm takes ten metrics at most, so that there is none for all topics together.
    metric: ({ topic, name }) => streamMetric(topic, 'CacheLosses', { statistic: 'Sum', label: name, minutes: 1 }),
    raised: 'above',
    threshold: () => 0,
    periods: 1,
    missing: 'fine',
    told: 'itself',
  },
  {
    name: 'dead-letters',
    graph: 'Dead letters',
    says: ({ environment }) => `More than ${environment.alarms.deadLetters} dead letters within five minutes.`,
    metric: (of) => mapping(of, 'PolledEventCount', { statistic: 'Sum', label: 'records on the queue' }),
    raised: 'above',
    threshold: ({ environment }) => environment.alarms.deadLetters,
    periods: 1,
    missing: 'fine',
    told: 'itself',
    appliesTo: ({ topic }) => topic.name === DEAD_LETTER_TOPIC,
  },
];
