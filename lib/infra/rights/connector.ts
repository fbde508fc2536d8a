import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { TOPIC_NAMES } from '../../catalog/index.ts';
import type { Translated } from '../connect/translation.ts';
import type { KafkaResources } from './resources.ts';

export interface ConnectorGrantee {
  /** Of the connector in the account. */
  readonly connectorName: string;
  readonly translated: Translated;
  /** Those it reads. */
  readonly secretArns: readonly string[];
}

const statement = (actions: readonly string[], resources: readonly string[]): readonly PolicyStatement[] =>
  resources.length === 0 ? [] : [new PolicyStatement({ actions: [...actions], resources: [...resources] })];

/** Topics in which MSK Connect keeps a connector, and the group of its workers, whose ids it makes up. */
const internalTopics = (connectorName: string): string => `__amazon_msk_connect_*_${connectorName}_*`;
const WORKERS = '__amazon_msk_connect_*';

/**
 * Everything a connector may do (MSK Developer Guide, "Understand service execution role", with the resources of this
 * connector only): its own topics of state, what it reads and writes, its schemas and its secrets.
 */
export const connectorStatements = (
  { connectorName, translated, secretArns }: ConnectorGrantee,
  { clusterArn, topicArn, groupArn }: KafkaResources,
): readonly PolicyStatement[] => {
  const { kind, reads, letters, heartbeats, uses } = translated;
  // The outbox takes any topic of the catalog (lib/operations/database/migrate.ts).
  const written = [...(kind === 'source' ? TOPIC_NAMES : []), ...(letters === undefined ? [] : [letters])];
  return [
    ...statement(['kafka-cluster:Connect', 'kafka-cluster:DescribeCluster'], [clusterArn]),
    ...statement(
      ['kafka-cluster:CreateTopic', 'kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData', 'kafka-cluster:WriteData'],
      [topicArn(internalTopics(connectorName))],
    ),
    ...statement(['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], reads.map(topicArn)),
    ...statement(['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'], written.map(topicArn)),
    ...statement(
      ['kafka-cluster:CreateTopic', 'kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'],
      heartbeats === undefined ? [] : [topicArn(heartbeats)],
    ),
    ...statement(
      ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'],
      [groupArn(WORKERS), ...(kind === 'sink' ? [groupArn(`connect-${connectorName}`)] : [])],
    ),
    // A version is asked for by its id alone, so there is no schema to name (AWS Glue, "IAM examples for deserializers").
    ...statement(['glue:GetSchemaVersion'], uses.has('schemas') ? ['*'] : []),
    ...statement(['secretsmanager:GetSecretValue'], secretArns),
  ];
};
