import { CfnEventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Topic } from '../../catalog/index.ts';

export interface TopicMappingProps {
  readonly topic: Topic;
  readonly clusterArn: string;
  /** The function, or the alias of it, that works the topic. */
  readonly target: IFunction;
  /** Mappings of a group share what their pollers cost; up to 100 of one VPC (Lambda Developer Guide, kafka-scaling-modes). */
  readonly pollerGroup: string;
  /** Where records go that were given up: `kafka://TOPIC`, or the ARN of a bucket. */
  readonly onFailure: string;
}

/** The event source mapping of a topic; `lib/local/functions` follows the same settings on a laptop. */
export class TopicMapping extends Construct {
  /** UUID of the mapping. */
  readonly mappingId: string;

  constructor(scope: Construct, id: string, { topic, clusterArn, target, pollerGroup, onFailure }: TopicMappingProps) {
    super(scope, id);
    const { mapping, consumerGroup } = topic;
    const made = new CfnEventSourceMapping(this, 'Mapping', {
      eventSourceArn: clusterArn,
      topics: [topic.name],
      // What the pollers may do stands in the role of the function, which itself waits for its rights.
      functionName: target.functionArn,
      // LATEST can miss records while the mapping is made; a group that has offsets goes on from them in any case.
      startingPosition: 'TRIM_HORIZON',
      amazonManagedKafkaEventSourceConfig: { consumerGroupId: consumerGroup },
      batchSize: mapping.batchSize,
      maximumBatchingWindowInSeconds: mapping.batchingWindowSeconds,
      maximumRetryAttempts: mapping.maximumRetryAttempts,
      maximumRecordAgeInSeconds: mapping.maximumRecordAgeSeconds,
      bisectBatchOnFunctionError: mapping.bisectBatchOnFunctionError,
      functionResponseTypes: mapping.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
      destinationConfig: { onFailure: { destination: onFailure } },
      // Without provisioned pollers there are no retries, no splitting, no destination and no logs.
      provisionedPollerConfig: {
        minimumPollers: mapping.minimumPollers,
        maximumPollers: mapping.maximumPollers,
        pollerGroupName: pollerGroup,
      },
      metricsConfig: { metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'] },
      loggingConfig: { systemLogLevel: 'INFO' },
    });
    this.mappingId = made.ref;
  }
}
