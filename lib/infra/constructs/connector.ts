import { createHash } from 'node:crypto';
import { Aws, Fn, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Policy, PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnConnector, type CfnCustomPlugin, CfnWorkerConfiguration } from 'aws-cdk-lib/aws-kafkaconnect';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type ConnectorSettings, deployedNames, type Environment, isTopicName, topic } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import { KAFKA_CONNECT_VERSION, SCALE_AT, TASKS_OF_AN_MCU } from '../connect/limits.ts';
import type { Translated } from '../connect/translation.ts';
import { explained, explainedWildcards, type WildcardReason } from '../explained.ts';
import { removalOf } from '../removal.ts';
import { SUBNETS } from '../stacks/network.ts';
import { arnHere } from './deployed-values.ts';

export interface ConnectorProps {
  readonly environment: Environment;
  /** Of the file under connect/. */
  readonly name: string;
  readonly translated: Translated;
  readonly settings: ConnectorSettings;
  readonly plugin: CfnCustomPlugin;
  /** `host:port,...` for IAM authentication. */
  readonly brokers: string;
  readonly vpc: IVpc;
  readonly securityGroup: ISecurityGroup;
  readonly statements: readonly PolicyStatement[];
}

/**
 * A connector of MSK Connect with its worker configuration, its role and its log. Configuration and capacity can change in
 * place; whatever else changes makes another connector, which cannot have the name of the one that is there: `aws:deploy` refuses
 * it (lib/deploy/connector-check.ts), and `isAway` of the catalog is the way round.
 */
export class Connector extends Construct {
  constructor(scope: Construct, id: string, props: ConnectorProps) {
    super(scope, id);
    const { environment, translated, name } = props;
    const connectorName = deployedNames(environment.name).connector(name);
    const logGroup = new LogGroup(this, 'Log', {
      // Logs that a service delivers; under this name they need no entry of their own in the policy of CloudWatch Logs.
      logGroupName: `/aws/vendedlogs/connect/${connectorName}`,
      retention: environment.logDays,
      removalPolicy: removalOf(environment),
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('kafkaconnect.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': arnHere('kafkaconnect', `connector/${connectorName}/*`) },
        },
      }),
      description: `What the connector ${connectorName} may do`,
    });
    const document = new PolicyDocument({ statements: [...props.statements] });
    const policy = new Policy(this, 'Rights', { roles: [role], document });
    explainedWildcards(this, document, WILDCARDS);
    const text = Object.entries(translated.worker)
      .map(([property, value]) => `${property}=${value}\n`)
      .join('');
    const worker = new CfnWorkerConfiguration(this, 'Worker', {
      // None can be changed, and names are never free again while one is there: another content has another name.
      name: `${connectorName}-${digestOf(Stack.of(this).resolve(text))}`,
      description: `Worker of ${connectorName}`,
      propertiesFileContent: Fn.base64(text),
    });
    if (props.settings.isAway === true) return;
    const connector = new CfnConnector(this, 'Connector', {
      connectorName,
      connectorDescription: `connect/${name}.json`,
      connectorConfiguration: { ...translated.configuration },
      kafkaConnectVersion: KAFKA_CONNECT_VERSION,
      capacity: capacityOf(props),
      kafkaCluster: {
        apacheKafkaCluster: {
          bootstrapServers: props.brokers,
          vpc: {
            // Secrets Manager is reached through NAT: MSK Connect cannot by an interface endpoint.
            subnets: props.vpc.selectSubnets({ subnetGroupName: SUBNETS.internet }).subnetIds,
            securityGroups: [props.securityGroup.securityGroupId],
          },
        },
      },
      kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
      kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
      logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: logGroup.logGroupName } } },
      plugins: [{ customPlugin: { customPluginArn: props.plugin.ref, revision: 1 } }],
      serviceExecutionRoleArn: role.roleArn,
      workerConfiguration: { workerConfigurationArn: worker.ref, revision: 1 },
    });
    connector.node.addDependency(policy);
    explained(connector, {
      id: 'E1029',
      reason: 'Placeholders in its configuration are for Kafka Connect, and not for CloudFormation',
    });
  }
}

const digestOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);

/** Workers that come and go, where they may. */
const capacityOf = ({ name, settings, translated }: ConnectorProps): CfnConnector.CapacityProperty => {
  const { mcus: mcuCount, workers } = settings;
  if (translated.kind === 'source' && workers.most !== 1) {
    throw new StreamError('USAGE', `The connector ${name} reads by one slot, and so by one task of one worker.`, {
      next: 'Give it `workers: { least: 1, most: 1 }` in lib/catalog/environments.ts',
    });
  }
  if (workers.least === workers.most) return { provisionedCapacity: { mcuCount, workerCount: workers.most } };
  // A partition is read by one task: more would be idle. Fewer than workers MSK Connect does not take.
  const partitions = translated.reads.filter(isTopicName).reduce((sum, read) => sum + topic(read).partitions, 0);
  return {
    autoScaling: {
      mcuCount,
      minWorkerCount: workers.least,
      maxWorkerCount: workers.most,
      maxAutoscalingTaskCount: Math.max(workers.most, Math.min(partitions, workers.most * mcuCount * TASKS_OF_AN_MCU)),
      scaleOutPolicy: { cpuUtilizationPercentage: SCALE_AT.out },
      scaleInPolicy: { cpuUtilizationPercentage: SCALE_AT.in },
    },
  };
};

const WILDCARDS: readonly WildcardReason[] = [
  { pattern: /^\*$/, reason: 'A schema version is asked for by its id, and has no ARN' },
  {
    pattern: /:kafka:.*\/__amazon_msk_connect_.*\*$/,
    reason: 'MSK Connect makes up the ids of a connector, by which its topics and the group of its workers are named',
  },
];
