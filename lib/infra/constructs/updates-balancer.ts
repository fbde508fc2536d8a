import { Duration } from 'aws-cdk-lib';
import { type IVpc, Peer, Port, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ListenerCertificate,
  SslPolicy,
  TargetGroupLoadBalancingAlgorithmType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { type Environment, UPDATES } from '../../catalog/index.ts';
import { explained } from '../explained.ts';
import { SUBNETS } from '../stacks/network.ts';

export interface UpdatesBalancerProps {
  readonly environment: Environment;
  readonly vpc: IVpc;
  readonly securityGroup: SecurityGroup;
  readonly certificateArn: string;
  readonly service: FargateService;
}

const HTTPS = 443;
/** A connection on which nothing has come for so long is closed; a server sends something every 15 seconds. */
const IDLE_SECONDS = 60;

/** What browsers speak to: HTTPS on the internet, HTTP to the servers. */
export class UpdatesBalancer extends Construct {
  /** As metrics name it. */
  readonly fullName: string;
  readonly targetsFullName: string;

  constructor(scope: Construct, id: string, { environment, vpc, securityGroup, ...props }: UpdatesBalancerProps) {
    super(scope, id);
    const balancer = new ApplicationLoadBalancer(this, 'Alb', {
      loadBalancerName: `qr-${environment.name}-${UPDATES.name}`,
      vpc,
      vpcSubnets: { subnetGroupName: SUBNETS.public },
      internetFacing: true,
      securityGroup,
      idleTimeout: Duration.seconds(IDLE_SECONDS),
      dropInvalidHeaderFields: true,
      deletionProtection: environment.name === 'prod',
    });
    securityGroup.addIngressRule(Peer.anyIpv4(), Port.tcp(HTTPS), 'browsers');
    explained(securityGroup, {
      id: 'AwsSolutions-EC23',
      reason: 'Pages of users read here, from anywhere; a token of the user is asked for',
    });
    explained(balancer, {
      id: 'AwsSolutions-ELB2',
      reason: 'Access logs hold addresses with their queries, and EventSource can only send its token in the query',
    });
    const listener = balancer.addListener('Https', {
      port: HTTPS,
      // The rule above says who; the balancer would add one of its own.
      open: false,
      protocol: ApplicationProtocol.HTTPS,
      certificates: [ListenerCertificate.fromArn(props.certificateArn)],
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
    });
    const targets = listener.addTargets('Servers', {
      port: UPDATES.port,
      protocol: ApplicationProtocol.HTTP,
      targets: [props.service],
      // Connections last: a new server would get no more than its turn, and the old ones keep all they have.
      loadBalancingAlgorithmType: TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
      // None of them ends by itself in this time: the server tells its clients to come back once it is told to end.
      deregistrationDelay: Duration.seconds(5),
      healthCheck: {
        path: '/health',
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
    this.fullName = balancer.loadBalancerFullName;
    this.targetsFullName = targets.targetGroupFullName;
  }
}
