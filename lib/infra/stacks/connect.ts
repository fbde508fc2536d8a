import { Aws } from 'aws-cdk-lib';
import { type ISecurityGroup, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnCustomPlugin } from 'aws-cdk-lib/aws-kafkaconnect';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { type ConnectPlace, deployedNames, type Environment } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import type { ConnectorFile, ConnectSources } from '../connect/sources.ts';
import { type Translated, translated } from '../connect/translation.ts';
import { Connector } from '../constructs/connector.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import { connectorStatements } from '../rights/connector.ts';
import { bucketArn, kafkaResourcesOf } from '../rights/resources.ts';
import type { WatchedConnector } from '../watch/index.ts';
import { KAFKA_IAM, type NetworkStack } from './network.ts';

const HTTPS = 443;

/** A part of the network that connectors reach, by a rule that belongs to this stack. */
interface Reached {
  readonly group: ISecurityGroup;
  readonly port: number;
  readonly what: string;
}

/**
 * The connectors of connect/ on MSK Connect, each with a role, a security group and a log of its own.
 *
 * @param place as the environment has it
 */
export class ConnectStack extends EnvironmentStack {
  /** What alarms are about. */
  readonly watched: readonly WatchedConnector[];

  constructor(
    scope: Construct,
    environment: Environment,
    network: NetworkStack,
    place: ConnectPlace,
    { files, plugin: archive }: ConnectSources,
  ) {
    super(scope, 'connect', environment, { description: 'Kafka Connect: the outbox and the sinks' });
    const names = deployedNames(environment.name);
    const kafka = kafkaResourcesOf(this, environment);
    const asset = new Asset(this, 'Archive', { path: archive() });
    const plugin = new CfnCustomPlugin(this, 'Plugin', {
      // A plugin cannot be changed: another content has another name.
      name: `qr-${environment.name}-connect-${asset.assetHash.slice(0, 12)}`,
      description: 'Debezium’s connectors and our own plugin (connect/aws/pom.xml)',
      contentType: 'ZIP',
      location: { s3Location: { bucketArn: bucketArn(asset.s3BucketName), fileKey: asset.s3ObjectKey } },
    });
    const groupOf = (id: string, securityGroupId: string): ISecurityGroup =>
      // The rules belong to this stack: nobody else knows of it.
      SecurityGroup.fromSecurityGroupId(this, id, securityGroupId, { allowAllOutbound: false });
    const brokers = groupOf('BrokersGroup', network.brokers.securityGroupId);
    const endpoints = groupOf('EndpointsGroup', network.endpoints.securityGroupId);
    const { database, search } = place;
    const databaseGroup = database && groupOf('DatabaseGroup', database.securityGroupId);
    const searchGroup = search?.securityGroupId && groupOf('SearchGroup', search.securityGroupId);
    const reachedBy = ({ uses }: Translated): readonly Reached[] => [
      { group: brokers, port: KAFKA_IAM, what: 'brokers' },
      ...(uses.has('schemas') ? [{ group: endpoints, port: HTTPS, what: 'Glue' }] : []),
      ...(uses.has('database') && database && databaseGroup
        ? [{ group: databaseGroup, port: database.port, what: 'database' }]
        : []),
      ...(uses.has('search') && search && searchGroup
        ? [{ group: searchGroup, port: portOf(search.url), what: 'search' }]
        : []),
    ];

    this.watched = Object.entries(place.connectors).flatMap(([name, settings]) => {
      const connectorName = names.connector(name);
      const made = translated(fileOf(files, name), { connectorName, region: Aws.REGION, place });
      const securityGroup = new SecurityGroup(this, `${name}-group`, {
        vpc: network.vpc,
        description: `Workers of the connector ${name}`,
        allowAllOutbound: false,
      });
      for (const { group, port, what } of reachedBy(made)) {
        securityGroup.addEgressRule(group, Port.tcp(port), what);
        group.addIngressRule(securityGroup, Port.tcp(port), `connector ${name}`);
      }
      securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(HTTPS), 'Secrets Manager through NAT');
      const secretArns = (['database', 'search'] as const).flatMap((one) =>
        made.uses.has(one) ? (place[one]?.secretArn ?? []) : [],
      );
      new Connector(this, name, {
        environment,
        name,
        translated: made,
        settings,
        plugin,
        brokers: kafka.brokers,
        vpc: network.vpc,
        securityGroup,
        statements: connectorStatements({ connectorName, translated: made, secretArns }, kafka),
      });
      const log = made.kind === 'source' && database ? { database: database.instance } : {};
      return settings.isAway === true ? [] : [{ name, environment, reads: made.reads, ...log }];
    });
  }
}

const portOf = (url: string): number => Number(new URL(url).port || HTTPS);

const fileOf = (files: readonly ConnectorFile[], name: string): ConnectorFile => {
  const found = files.find((file) => file.name === name);
  if (found !== undefined) return found;
  throw new StreamError('NOT_FOUND', `There is no file connect/${name}.json.`, {
    next: `There are: ${files.map((file) => file.name).join(', ')}; lib/catalog/environments.ts names the connectors`,
  });
};
