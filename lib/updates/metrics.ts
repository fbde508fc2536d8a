/** Connections of one server, as it is known in CloudWatch: its average is what a server carries, its sum what all do. */
export const CONNECTIONS_METRIC = 'UpdatesConnections';

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
  { POWERTOOLS_METRICS_NAMESPACE: Namespace, POWERTOOLS_SERVICE_NAME: service = 'updates' }: NodeJS.ProcessEnv,
  now: number = Date.now(),
): string | undefined => {
  if (Namespace === undefined) return undefined;
  const Metrics = [{ Name: CONNECTIONS_METRIC, Unit: 'Count' }];
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace, Dimensions: [['service']], Metrics }] },
    service,
    [CONNECTIONS_METRIC]: connections,
  });
};
