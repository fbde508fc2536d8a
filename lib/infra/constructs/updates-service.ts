import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  type ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Environment, UPDATES, type UpdatesPlace } from '../../catalog/index.ts';
import { METRICS_NAMESPACE } from '../../functions/index.ts';
import { explained } from '../explained.ts';
import { removalOf } from '../removal.ts';
import { SUBNETS } from '../stacks/network.ts';

export interface UpdatesServiceProps {
  readonly environment: Environment;
  readonly servers: UpdatesPlace['servers'];
  readonly vpc: IVpc;
  readonly securityGroup: ISecurityGroup;
  readonly image: ContainerImage;
  readonly variables: Readonly<Record<string, string>>;
  /** What a server may do. */
  readonly statements: readonly PolicyStatement[];
}

/** Half of a processor and 1 GB: what 5,000 connections and their buffers of 64 KB fit into. */
const SIZE = { cpu: 512, memoryLimitMiB: 1_024 } as const;
/** Part of its connections that a server is to carry: the rest is for those of a server that goes down. */
const AIMED = 0.5;

/** Servers on Fargate, spread over the zones, as many as their connections ask for. */
export class UpdatesService extends Construct {
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: UpdatesServiceProps) {
    super(scope, id);
    const { environment, servers } = props;
    const name = `qr-${environment.name}-${UPDATES.name}`;
    const cluster = new Cluster(this, 'Cluster', {
      clusterName: name,
      vpc: props.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    const task = new FargateTaskDefinition(this, 'Task', {
      family: name,
      ...SIZE,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    for (const statement of props.statements) task.addToTaskRolePolicy(statement);
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/ecs/${name}`,
      retention: environment.logDays,
      removalPolicy: removalOf(environment),
    });
    task.addContainer('server', {
      image: props.image,
      environment: { ...props.variables },
      portMappings: [{ containerPort: UPDATES.port }],
      readonlyRootFilesystem: true,
      // Longer than a server takes to tell its clients and to end.
      stopTimeout: Duration.seconds(30),
      logging: LogDrivers.awsLogs({ logGroup, streamPrefix: 'server' }),
    });
    explained(task, {
      id: 'AwsSolutions-ECS2',
      reason:
        'None of the variables is a secret: the one there is, the server reads from Secrets Manager while it starts',
    });
    explained(task.obtainExecutionRole(), {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'ecr:GetAuthorizationToken knows no ARN',
    });
    this.service = new FargateService(this, 'Service', {
      cluster,
      serviceName: name,
      taskDefinition: task,
      desiredCount: servers.least,
      vpcSubnets: { subnetGroupName: SUBNETS.internet },
      securityGroups: [props.securityGroup],
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      healthCheckGracePeriod: Duration.seconds(30),
    });
    explained(this.service.node.findChild('Service'), {
      id: 'W3005',
      reason: 'CDK itself has a service depend on the listener and its targets, though it names the targets as well',
    });
    this.service
      .autoScaleTaskCount({ minCapacity: servers.least, maxCapacity: servers.most })
      .scaleToTrackCustomMetric('Connections', {
        metric: new Metric({
          namespace: METRICS_NAMESPACE,
          metricName: UPDATES.metric,
          dimensionsMap: { service: UPDATES.name },
          statistic: 'Average',
          period: Duration.minutes(1),
        }),
        targetValue: AIMED * UPDATES.connections,
        // Connections spread by themselves when their tokens expire, within a quarter of an hour; to go down sooner cuts many.
        scaleInCooldown: Duration.minutes(15),
        scaleOutCooldown: Duration.minutes(2),
      });
  }
}
