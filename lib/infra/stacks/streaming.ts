import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { deployedNames, type Environment } from '../../catalog/index.ts';
import { Cluster } from '../constructs/cluster.ts';
import { publishValue } from '../constructs/deployed-values.ts';
import { Topics } from '../constructs/topics.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import { removalOf } from '../removal.ts';
import { type NetworkStack, SUBNETS } from './network.ts';

/** The Kafka cluster and the topics of the catalog. */
export class StreamingStack extends EnvironmentStack {
  readonly cluster: Cluster;
  readonly topics: Topics;

  constructor(scope: Construct, environment: Environment, { vpc, brokers }: NetworkStack) {
    super(scope, 'streaming', environment, { description: 'Kafka cluster and topics' });
    const removalPolicy = removalOf(environment);
    const key = new Key(this, 'Key', {
      description: `Kafka data of ${environment.name}`,
      enableKeyRotation: true,
      removalPolicy,
    });
    const brokerLog = new LogGroup(this, 'BrokerLog', { retention: environment.logDays, removalPolicy });
    this.cluster = new Cluster(this, 'Kafka', {
      name: deployedNames(environment.name).cluster,
      size: environment.cluster,
      vpc,
      subnetGroupName: SUBNETS.data,
      securityGroup: brokers,
      key,
      brokerLog,
    });
    this.topics = new Topics(this, 'Topics', { clusterArn: this.cluster.arn, isExpress: this.cluster.isExpress });
    publishValue(this, environment.name, 'cluster-arn', this.cluster.arn);
    publishValue(this, environment.name, 'brokers', this.cluster.bootstrapBrokers);
  }
}
