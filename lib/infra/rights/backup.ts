import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BACKUP, BACKUP_PREFIX, deployedNames, type Environment, TOPIC_NAMES, TOPICS } from '../../catalog/index.ts';
import { arnHere } from '../constructs/deployed-values.ts';
import { objectStatements } from './objects.ts';
import type { StreamResources } from './resources.ts';
import { networkStatements } from './vpc.ts';

export interface BackupPlaces {
  /** Name of the bucket. */
  readonly bucket: string;
  readonly keyArn: string;
  /** The cache and the user who may only read it. */
  readonly cacheArns: readonly string[];
}

const statement = (actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });

/**
 * What makes backups may read: records and settings of the topics, where the groups stand, schemas, the cache. It writes
 * objects of its bucket, and deletes none: what has run out S3 deletes by itself.
 */
export const backupStatements = (
  environment: Environment,
  { clusterArn, topicArn, groupArn, registry }: StreamResources,
  { bucket, keyArn, cacheArns }: BackupPlaces,
): readonly PolicyStatement[] => [
  statement(['kafka-cluster:Connect', 'kafka-cluster:DescribeCluster'], [clusterArn]),
  statement(
    ['kafka-cluster:DescribeTopic', 'kafka-cluster:DescribeTopicDynamicConfiguration', 'kafka-cluster:ReadData'],
    TOPIC_NAMES.map(topicArn),
  ),
  statement(
    ['kafka-cluster:DescribeGroup'],
    TOPICS.map(({ consumerGroup }) => groupArn(consumerGroup)),
  ),
  ...(environment.backup.withCache ? [statement(['elasticache:Connect'], cacheArns)] : []),
  statement(
    ['glue:ListSchemas', 'glue:ListSchemaVersions'],
    [arnHere('glue', `registry/${registry}`), arnHere('glue', `schema/${registry}/*`)],
  ),
  // A version is asked for by its id alone, so there is no schema to name.
  statement(['glue:GetSchemaVersion'], ['*']),
  ...objectStatements(
    { reads: [BACKUP_PREFIX], writes: [BACKUP_PREFIX], lists: [BACKUP_PREFIX], deletes: [] },
    bucket,
    {
      storageKeyArn: keyArn,
    },
  ),
  ...networkStatements(deployedNames(environment.name).function(BACKUP.name)),
];
