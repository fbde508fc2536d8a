import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnCluster, CfnConfiguration } from 'aws-cdk-lib/aws-msk';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import type { ClusterSize } from '../../catalog/index.ts';
import { explained } from '../explained.ts';
import { MIN_IN_SYNC, REPLICATION } from './topics.ts';

export interface ClusterProps {
  readonly name: string;
  readonly size: ClusterSize;
  readonly vpc: IVpc;
  /** Name of the subnets the brokers stand in, one a zone. */
  readonly subnetGroupName: string;
  readonly securityGroup: ISecurityGroup;
  readonly key: IKey;
  readonly brokerLog: ILogGroup;
}

/** Express brokers exist for this version; topics as resources need 3.6 at least. */
const KAFKA_VERSION = '3.9.x';
const EXPRESS_KAFKA_VERSION = '3.8.x';

/** What differs from Kafka's defaults; Express brokers fix the rest themselves. */
const PROPERTIES = {
  express: ['auto.create.topics.enable=false'],
  standard: [
    'auto.create.topics.enable=false',
    `default.replication.factor=${REPLICATION}`,
    `min.insync.replicas=${MIN_IN_SYNC}`,
    'unclean.leader.election.enable=false',
    `offsets.topic.replication.factor=${REPLICATION}`,
  ],
} as const;

/** An MSK cluster that takes IAM over TLS and nothing else, encrypted by a key of our own. */
export class Cluster extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly isExpress: boolean;
  /** `host:port,...` for IAM authentication. */
  readonly bootstrapBrokers: string;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const { size, key, brokerLog, securityGroup } = props;
    this.name = props.name;
    this.isExpress = size.kind === 'express';
    const configuration = new CfnConfiguration(this, 'Configuration', {
      name: props.name,
      kafkaVersionsList: [this.isExpress ? EXPRESS_KAFKA_VERSION : KAFKA_VERSION],
      serverProperties: PROPERTIES[size.kind].join('\n'),
    });
    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: props.name,
      kafkaVersion: this.isExpress ? EXPRESS_KAFKA_VERSION : KAFKA_VERSION,
      numberOfBrokerNodes: size.brokers,
      brokerNodeGroupInfo: {
        instanceType: size.instanceType,
        clientSubnets: props.vpc.selectSubnets({ subnetGroupName: props.subnetGroupName }).subnetIds,
        securityGroups: [securityGroup.securityGroupId],
        ...(size.kind === 'standard' ? { storageInfo: { ebsStorageInfo: { volumeSize: size.volumeGib } } } : {}),
      },
      configurationInfo: { arn: configuration.attrArn, revision: 1 },
      clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
      encryptionInfo: {
        encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
        encryptionAtRest: { dataVolumeKmsKeyId: key.keyArn },
      },
      // Lag by partition is what tells a stuck partition from a slow group; of dev nobody needs to know.
      enhancedMonitoring: this.isExpress ? 'PER_TOPIC_PER_PARTITION' : 'PER_BROKER',
      loggingInfo: { brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: brokerLog.logGroupName } } },
    });
    cluster.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.arn = cluster.attrArn;
    this.bootstrapBrokers = this.#bootstrapBrokers();
  }

  /** CloudFormation does not tell the brokers' addresses. */
  #bootstrapBrokers(): string {
    const call = {
      service: 'kafka',
      action: 'GetBootstrapBrokers',
      parameters: { ClusterArn: this.arn },
      physicalResourceId: PhysicalResourceId.of(`${this.name}-brokers`),
      outputPaths: ['BootstrapBrokerStringSaslIam'],
    };
    const logGroup = new LogGroup(this, 'BrokersLog', {
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of our own: CDK's would be allowed to write every log of the account.
    const role = new Role(this, 'BrokersRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    const lookup = new AwsCustomResource(this, 'Brokers', {
      onUpdate: call,
      role,
      logGroup,
      installLatestAwsSdk: false,
      policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: [this.arn] }),
    });
    const singleton = `AWS${AwsCustomResource.PROVIDER_FUNCTION_UUID.replaceAll('-', '')}`;
    explained(Stack.of(this).node.findChild(singleton), {
      id: 'W3005',
      reason: 'CDK has every function depend on its role with the policies; that it names the role too is no harm.',
    });
    return lookup.getResponseField('BootstrapBrokerStringSaslIam');
  }
}
