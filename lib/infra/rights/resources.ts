import { Aws, Fn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { deployedNames, type Environment, type TopicName } from '../../catalog/index.ts';
import { arnHere, deployedValue } from '../constructs/deployed-values.ts';

/** The cluster and what is on it. */
export interface KafkaResources {
  readonly clusterArn: string;
  /** @param topic a topic, or a pattern of such */
  readonly topicArn: (topic: string) => string;
  /** @param group a consumer group, or a pattern of such */
  readonly groupArn: (group: string) => string;
  /** `host:port,...`. */
  readonly brokers: string;
}

/** What functions that only read topics, schemas and the cache use. */
export interface StreamResources extends Omit<KafkaResources, 'topicArn'> {
  readonly topicArn: (topic: TopicName) => string;
  /** `host:port`. */
  readonly cacheEndpoint: string;
  /** Name of the Glue registry. */
  readonly registry: string;
}

/** What the functions of an environment use, as policies and settings name it. */
export interface Resources extends StreamResources {
  /** The cache and the user as whom functions speak to it. */
  readonly cacheArns: readonly string[];
  readonly bucket: string;
  readonly auditBucket: string;
  /** Key of both buckets. */
  readonly storageKeyArn: string;
}

/** Reads where the cluster is. */
export const kafkaResourcesOf = (scope: Construct, { name }: Environment): KafkaResources => {
  const clusterArn = deployedValue(scope, name, 'cluster-arn');
  // `NAME/UUID`: topics and groups are named below it (MSK Developer Guide, "Kafka API actions and resources").
  const path = Fn.select(1, Fn.split(':cluster/', clusterArn));
  return {
    clusterArn,
    topicArn: (topic) => arnHere('kafka', `topic/${path}/${topic}`),
    groupArn: (group) => arnHere('kafka', `group/${path}/${group}`),
    brokers: deployedValue(scope, name, 'brokers'),
  };
};

/** Reads where the other stacks have put what is streamed. A parameter that nothing refers to would be a finding. */
export const streamResourcesOf = (scope: Construct, environment: Environment): StreamResources => ({
  ...kafkaResourcesOf(scope, environment),
  cacheEndpoint: deployedValue(scope, environment.name, 'cache-endpoint'),
  registry: deployedNames(environment.name).registry,
});

/** Reads where the other stacks have put things. */
export const resourcesOf = (scope: Construct, environment: Environment): Resources => {
  const { name } = environment;
  return {
    ...streamResourcesOf(scope, environment),
    cacheArns: [deployedValue(scope, name, 'cache-arn'), deployedValue(scope, name, 'cache-user-arn')],
    bucket: deployedValue(scope, name, 'bucket'),
    auditBucket: deployedValue(scope, name, 'audit-bucket'),
    storageKeyArn: deployedValue(scope, name, 'storage-key-arn'),
  };
};

/** What is under a prefix of a bucket's keys. */
export const objectsArn = (bucket: string, prefix: string): string => `arn:${Aws.PARTITION}:s3:::${bucket}/${prefix}*`;

export const bucketArn = (bucket: string): string => `arn:${Aws.PARTITION}:s3:::${bucket}`;
