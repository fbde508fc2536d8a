import { UPDATES } from '../catalog/index.ts';

/**
 * A line of the embedded metric format, which CloudWatch Logs makes a metric of.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * @param env names the service and the namespace, in the variables that the functions have as well
 * @param now milliseconds since 1970
 * @returns undefined where no namespace is named: nobody is to read it
 */
export const connectionsMetric = (
  connections: number,
  { POWERTOOLS_METRICS_NAMESPACE: Namespace, POWERTOOLS_SERVICE_NAME: service = UPDATES.name }: NodeJS.ProcessEnv,
  now: number = Date.now(),
): string | undefined => {
  if (Namespace === undefined) return undefined;
  const Metrics = [{ Name: UPDATES.metric, Unit: 'Count' }];
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace, Dimensions: [['service']], Metrics }] },
    service,
    [UPDATES.metric]: connections,
  });
};
