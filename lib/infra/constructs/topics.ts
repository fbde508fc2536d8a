import { Fn, RemovalPolicy } from 'aws-cdk-lib';
import { CfnTopic } from 'aws-cdk-lib/aws-msk';
import { Construct } from 'constructs';
import { TOPICS, type Topic, topicSettings } from '../../catalog/index.ts';

export interface TopicsProps {
  readonly clusterArn: string;
  /** Express brokers fix min.insync.replicas themselves. */
  readonly isExpress: boolean;
}

/** Copies of each record; an acknowledged one is on {@link MIN_IN_SYNC} of them at least. */
export const REPLICATION = 3;
export const MIN_IN_SYNC = 2;

/**
 * The catalog's topics. Deleted from the stack, or replaced in it, they stay with their records: replacing is what
 * CloudFormation does when name, cluster or replication factor change (AWS::MSK::Topic).
 */
export class Topics extends Construct {
  readonly topics: readonly CfnTopic[];

  constructor(scope: Construct, id: string, { clusterArn, isExpress }: TopicsProps) {
    super(scope, id);
    this.topics = TOPICS.map((topic) => {
      const made = new CfnTopic(this, topic.name, {
        clusterArn,
        topicName: topic.name,
        partitionCount: topic.partitions,
        replicationFactor: REPLICATION,
        configs: Fn.base64(topicProperties(topic, isExpress)),
      });
      made.applyRemovalPolicy(RemovalPolicy.RETAIN);
      return made;
    });
  }
}

/** The settings of a topic as a properties text: the catalog's, and what only brokers of the standard kind let one say. */
export const topicProperties = (topic: Pick<Topic, 'retentionMs' | 'maxMessageBytes'>, isExpress: boolean): string =>
  Object.entries({
    ...topicSettings(topic),
    ...(isExpress ? {} : { 'min.insync.replicas': String(MIN_IN_SYNC) }),
  })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
