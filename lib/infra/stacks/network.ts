import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Environment } from '../../catalog/index.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import { removalOf } from '../removal.ts';

/** Port of IAM authentication over TLS (MSK Developer Guide, "Port information"). */
export const KAFKA_IAM = 9098;
/** A serverless cache takes writes and strong reads on the first, reads of replicas on the second. */
const CACHE = [6379, 6380] as const;
const HTTPS = 443;

/** Names of the kinds of subnets. */
export const SUBNETS = { data: 'data', functions: 'functions', internet: 'internet', public: 'public' } as const;

/**
 * Three zones. Brokers and cache in subnets without any way out; functions in subnets that reach them and the AWS endpoints;
 * three functions in subnets with a way to the internet through NAT; the table of rights says which, and why.
 */
export class NetworkStack extends EnvironmentStack {
  readonly vpc: Vpc;
  readonly brokers: SecurityGroup;
  readonly cache: SecurityGroup;
  readonly functions: SecurityGroup;
  readonly internetFunctions: SecurityGroup;
  readonly endpoints: SecurityGroup;

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'network', environment, { description: 'VPC, endpoints and security groups' });
    this.vpc = this.#vpc();
    this.brokers = this.#group('Brokers', 'Kafka brokers, and the pollers of the event source mappings');
    this.cache = this.#group('Cache', 'The cache');
    this.functions = this.#group('Functions', 'Functions without a way to the internet');
    this.internetFunctions = this.#group('InternetFunctions', 'Functions that reach the internet');
    this.endpoints = this.#group('Endpoints', 'Interface endpoints of AWS services');

    // The pollers' interfaces use the group of the brokers (Lambda Developer Guide, with-msk-cluster-network).
    this.brokers.addIngressRule(this.brokers, Port.tcp(KAFKA_IAM), 'pollers to brokers');
    this.brokers.addEgressRule(this.brokers, Port.tcp(KAFKA_IAM), 'pollers to brokers');
    for (const group of [this.functions, this.internetFunctions]) {
      connect(group, this.brokers, KAFKA_IAM, 'brokers');
      for (const port of CACHE) connect(group, this.cache, port, 'cache');
      connect(group, this.endpoints, HTTPS, 'AWS services');
    }
    // S3 by its gateway has addresses of its own: there is no group to name, so these rules are for HTTPS to anywhere.
    this.functions.addEgressRule(Peer.anyIpv4(), Port.tcp(HTTPS), 'S3 through its gateway; there is no other way out');
    this.internetFunctions.addEgressRule(Peer.anyIpv4(), Port.tcp(HTTPS), 'S3, webhooks, SES, SNS, ACM');
    this.internetFunctions.addEgressRule(Peer.anyIpv4(), Port.udp(53), 'name servers');
    this.internetFunctions.addEgressRule(Peer.anyIpv4(), Port.tcp(53), 'name servers, long answers');

    this.vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    const services = { Glue: InterfaceVpcEndpointAwsService.GLUE, XRay: InterfaceVpcEndpointAwsService.XRAY };
    for (const [name, service] of Object.entries(services)) {
      this.vpc.addInterfaceEndpoint(name, {
        service,
        open: false,
        securityGroups: [this.endpoints],
        subnets: { subnetGroupName: SUBNETS.functions },
      });
    }
  }

  #vpc(): Vpc {
    const { natGateways } = this.environmentOf;
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.40.0.0/16'),
      availabilityZones: this.availabilityZones,
      natGateways,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: SUBNETS.public, subnetType: SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false },
        { name: SUBNETS.internet, subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 23 },
        { name: SUBNETS.functions, subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 21 },
        { name: SUBNETS.data, subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
    });
    const log = new LogGroup(this, 'FlowLog', {
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: removalOf(this.environmentOf),
    });
    vpc.addFlowLog('Flow', { destination: FlowLogDestination.toCloudWatchLogs(log) });
    return vpc;
  }

  #group(name: string, description: string): SecurityGroup {
    return new SecurityGroup(this, name, { vpc: this.vpc, description, allowAllOutbound: false });
  }
}

const connect = (from: SecurityGroup, to: SecurityGroup, port: number, what: string): void => {
  from.addEgressRule(to, Port.tcp(port), what);
  to.addIngressRule(from, Port.tcp(port), 'functions');
};
