import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { BACKUP, deployedNames, type Environment, type Topic, UPDATES } from '../../catalog/index.ts';
import { METRICS_NAMESPACE } from '../../functions/index.ts';

/** How a metric is read: its statistic, the name of its line, and minutes to a value (5 unless given). */
export interface Reading {
  readonly statistic: string;
  readonly label?: string | undefined;
  readonly minutes?: number;
}

const metric = (
  namespace: string,
  metricName: string,
  dimensionsMap: Record<string, string>,
  { statistic, label, minutes = 5 }: Reading,
): Metric => new Metric({ namespace, metricName, dimensionsMap, statistic, label, period: Duration.minutes(minutes) });

/** Of a function, over all its versions (Lambda Developer Guide, monitoring-metrics-types). */
export const functionMetric = (environment: Environment, name: string, metricName: string, reading: Reading): Metric =>
  metric('AWS/Lambda', metricName, { FunctionName: deployedNames(environment.name).function(name) }, reading);

/**
 * Of an event source mapping: only where its MetricsConfig asks for the metric's group (Lambda Developer Guide,
 * monitoring-metrics-types, "Event source mapping metrics"); the dimension is that of page monitoring-metrics-view.
 */
export const mappingMetric = (mappingId: string, metricName: string, reading: Reading): Metric =>
  metric('AWS/Lambda', metricName, { EventSourceMappingUUID: mappingId }, reading);

/** Of what the functions write themselves (lib/consumer/observation.ts). */
export const streamMetric = (topic: Topic, metricName: string, reading: Reading): Metric =>
  metric(METRICS_NAMESPACE, metricName, { service: topic.name, consumerGroup: topic.consumerGroup }, reading);

/** Of what the function that makes backups writes itself (lib/operations/backup/function.ts). */
export const backupMetric = (metricName: string, reading: Reading): Metric =>
  metric(METRICS_NAMESPACE, metricName, { service: BACKUP.name }, reading);

/** Of the whole cluster (MSK Developer Guide, metrics-details and metrics-details-express). */
export const clusterMetric = (environment: Environment, metricName: string, reading: Reading): Metric =>
  metric('AWS/Kafka', metricName, { 'Cluster Name': deployedNames(environment.name).cluster }, reading);

/** Of one broker. */
export const brokerMetric = (environment: Environment, broker: number, metricName: string, reading: Reading): Metric =>
  metric(
    'AWS/Kafka',
    metricName,
    { 'Cluster Name': deployedNames(environment.name).cluster, 'Broker ID': String(broker) },
    reading,
  );

/**
 * Of the serverless cache (ElastiCache User Guide, serverless-metrics-events-redis). The page does not name the dimension;
 * `clusterId` is what exporters of these metrics use (prometheus-community/yet-another-cloudwatch-exporter, services.go).
 */
export const cacheMetric = (environment: Environment, metricName: string, reading: Reading): Metric =>
  metric('AWS/ElastiCache', metricName, { clusterId: deployedNames(environment.name).cache }, reading);

/** Of the balancer of the updates API and its servers (Elastic Load Balancing, load-balancer-cloudwatch-metrics). */
export const balancerMetric = (
  { balancer, targets }: { readonly balancer: string; readonly targets: string },
  metricName: string,
  reading: Reading,
): Metric => metric('AWS/ApplicationELB', metricName, { LoadBalancer: balancer, TargetGroup: targets }, reading);

/** Of what the servers of the updates API write themselves. */
export const updatesMetric = (metricName: string, reading: Reading): Metric =>
  metric(METRICS_NAMESPACE, metricName, { service: UPDATES.name }, reading);

/** Of a connector of MSK Connect (MSK Developer Guide, "Monitoring Amazon MSK Connect"). */
export const connectorMetric = (
  { environment, name }: { readonly environment: Environment; readonly name: string },
  metricName: string,
  reading: Reading,
): Metric =>
  metric('AWS/KafkaConnect', metricName, { ConnectorName: deployedNames(environment.name).connector(name) }, reading);

/**
 * Of the group of a sink on a topic (MSK Developer Guide, metrics-details, and "Manage source connector offsets" for the
 * group's name).
 */
export const groupMetric = (
  { environment, name }: { readonly environment: Environment; readonly name: string },
  topic: string,
  metricName: string,
  reading: Reading,
): Metric => {
  const { cluster, connector } = deployedNames(environment.name);
  const group = `connect-${connector(name)}`;
  return metric('AWS/Kafka', metricName, { 'Cluster Name': cluster, 'Consumer Group': group, Topic: topic }, reading);
};

/** Of an instance of RDS (RDS User Guide, "Amazon CloudWatch metrics for Amazon RDS"). */
export const databaseMetric = (instance: string, metricName: string, reading: Reading): Metric =>
  metric('AWS/RDS', metricName, { DBInstanceIdentifier: instance }, reading);

/** A name as part of an id in a metric expression, which all lines of a graph share. */
const idOf = (name: string): string => name.replaceAll(/[^a-zA-Z0-9]/g, '_');

/**
 * How many of a hundred: no value where there is no whole, 0 where there is a whole and no part. CloudWatch has no value
 * for what did not happen, so the part is filled up.
 */
export const percentOf = (name: string, part: Metric, whole: Metric): MathExpression => {
  const [partId, wholeId] = [`part_${idOf(name)}`, `whole_${idOf(name)}`];
  return new MathExpression({
    expression: `100 * FILL(${partId}, 0) / ${wholeId}`,
    usingMetrics: { [partId]: part, [wholeId]: whole },
    label: name,
    period: whole.period,
  });
};

/** The sum of two metrics of a broker. */
export const sumOf = (name: string, label: string, a: Metric, b: Metric): MathExpression => {
  const [first, second] = [`a_${idOf(name)}`, `b_${idOf(name)}`];
  return new MathExpression({
    expression: `${first} + ${second}`,
    usingMetrics: { [first]: a, [second]: b },
    label,
    period: a.period,
  });
};

/** The sum of some metrics of one period. */
export const sumOfAll = (name: string, all: readonly [Metric, ...Metric[]]): MathExpression => {
  const usingMetrics = Object.fromEntries(all.map((one, i) => [`part${i}_${idOf(name)}`, one]));
  return new MathExpression({
    expression: `SUM([${Object.keys(usingMetrics).join(', ')}])`,
    usingMetrics,
    label: name,
    period: all[0].period,
  });
};

/** A count of a period as so many a second. */
export const perSecond = (count: Metric, label: string): MathExpression =>
  new MathExpression({
    expression: 'count / PERIOD(count)',
    usingMetrics: { count },
    label,
    period: count.period,
  });
