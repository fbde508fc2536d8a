import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DEAD_LETTER_TOPIC, TOPIC_NAMES, type TopicName } from '../../catalog/index.ts';
import { arnHere } from '../constructs/deployed-values.ts';
import { callStatements } from './calls.ts';
import { objectStatements } from './objects.ts';
import type { Resources } from './resources.ts';
import { type FunctionRights, SCHEDULE } from './table.ts';
import { networkStatements } from './vpc.ts';

/** The function that gets the rights. */
export interface Grantee {
  readonly functionName: string;
  /** What it works; none where a rule starts it. */
  readonly consumes?: { readonly topic: TopicName; readonly group: string };
  /** Folder in which its event source mapping leaves batches it has given up; none where a topic takes them. */
  readonly onFailureFolder?: string;
  /** What its e-mails come from. */
  readonly emailSender: string;
  /** The secret it reads when it starts; none unless it signs links. */
  readonly linkSecretArn?: string | undefined;
}

const statement = (actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });

/**
 * Everything that a function may do, but for its log and its traces. Only its own code and the pollers of its event source
 * mapping use these rights: pollers have those of the function they call (Lambda Developer Guide, with-msk-permissions).
 */
export const statementsOf = (
  rights: FunctionRights,
  grantee: Grantee,
  resources: Resources,
): readonly PolicyStatement[] => [
  ...kafkaStatements(rights, grantee, resources),
  ...schemaStatements(resources),
  statement(['elasticache:Connect'], resources.cacheArns),
  ...objectStatements(
    foldersOf(rights, grantee),
    rights.isAuditor ? resources.auditBucket : resources.bucket,
    resources,
  ),
  ...(rights.calls ?? []).map((call) => callStatements[call](grantee)),
  ...(grantee.linkSecretArn === undefined
    ? []
    : [statement(['secretsmanager:GetSecretValue'], [grantee.linkSecretArn])]),
  ...networkStatements(grantee.functionName),
];

const kafkaStatements = (
  { publishes, readsAgain }: FunctionRights,
  { consumes }: Grantee,
  { clusterArn, topicArn, groupArn }: Resources,
): readonly PolicyStatement[] => {
  // What the consumer of dead letters fails on does not come back to it.
  const sendsLetters = consumes !== undefined && consumes.topic !== DEAD_LETTER_TOPIC;
  const written = new Set<TopicName>(sendsLetters ? [...publishes, DEAD_LETTER_TOPIC] : publishes);
  return [
    statement(['kafka-cluster:Connect', 'kafka-cluster:DescribeCluster'], [clusterArn]),
    statement(['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'], [...written].map(topicArn)),
    ...(consumes === undefined
      ? []
      : [
          statement(
            [
              'kafka:DescribeClusterV2',
              'kafka:GetBootstrapBrokers',
              'kafka-cluster:DescribeClusterDynamicConfiguration',
            ],
            [clusterArn],
          ),
          statement(['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], [topicArn(consumes.topic)]),
          statement(['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'], [groupArn(consumes.group)]),
        ]),
    ...(readsAgain
      ? [statement(['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], TOPIC_NAMES.map(topicArn))]
      : []),
  ];
};

/** A version is asked for by its id alone, so there is no schema to name (AWS Glue, "IAM examples for deserializers"). */
const schemaStatements = ({ registry }: Resources): readonly PolicyStatement[] => [
  statement(
    ['glue:GetSchemaByDefinition'],
    [arnHere('glue', `registry/${registry}`), arnHere('glue', `schema/${registry}/*`)],
  ),
  statement(['glue:GetSchemaVersion'], ['*']),
];

const foldersOf = (
  { reads = [], writes = [], deletes = [], lists = [], schedules = [] }: FunctionRights,
  { onFailureFolder }: Grantee,
) => {
  const schedule = schedules.length > 0 ? [SCHEDULE] : [];
  const givenUp = onFailureFolder === undefined ? [] : [onFailureFolder];
  return {
    reads,
    writes: [...writes, ...schedule, ...givenUp],
    deletes: [...deletes, ...schedule],
    lists: [...lists, ...schedule, ...givenUp],
  };
};
