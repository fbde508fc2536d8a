import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_NAMES, environment, UPDATES } from '../../../lib/catalog/index.ts';
import { rightsOf } from './policies.ts';
import { templatesOf } from './templates.ts';

const { updates, network } = templatesOf('prod');
if (updates === undefined) throw new Error('the environment of the tests has the updates API');

describe('the updates API in AWS', () => {
  it('is there only where an environment has a certificate for it, which none has before somebody made one', () => {
    for (const name of ENVIRONMENT_NAMES) expect(environment(name).updates).toBeUndefined();
  });

  it('speaks HTTPS to anybody, and keeps quiet connections longer than lies between two signs of life', () => {
    updates.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: Match.stringLikeRegexp('TLS13'),
      Certificates: [{ CertificateArn: Match.stringLikeRegexp('^arn:aws:acm:') }],
    });
    updates.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    updates.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internet-facing',
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'idle_timeout.timeout_seconds', Value: '60' }]),
    });
  });

  it('writes no address down, because it may hold a token', () => {
    const [balancer] = Object.values(updates.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'));
    expect(JSON.stringify(balancer)).not.toContain('access_logs');
  });

  it('runs two servers at least, in subnets without addresses of their own, and more as connections ask for it', () => {
    updates.hasResourceProperties('AWS::ECS::Service', {
      DesiredCount: 2,
      LaunchType: 'FARGATE',
      DeploymentConfiguration: Match.objectLike({ MinimumHealthyPercent: 100 }),
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED' }) },
    });
    const [service] = Object.values(updates.findResources('AWS::ECS::Service'));
    // One a zone: Fargate spreads servers over them.
    expect(service?.Properties.NetworkConfiguration.AwsvpcConfiguration.Subnets).toHaveLength(3);
    updates.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 8 });
    updates.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: Match.objectLike({
        TargetValue: UPDATES.connections / 2,
        CustomizedMetricSpecification: Match.objectLike({
          MetricName: UPDATES.metric,
          Dimensions: [{ Name: 'service', Value: UPDATES.name }],
        }),
      }),
    });
  });

  it('has servers that only the balancer reaches, and that reach the cache, and AWS over HTTPS', () => {
    const ingress = Object.values(updates.findResources('AWS::EC2::SecurityGroupIngress')).map(
      ({ Properties }) => Properties,
    );
    expect(ingress.map(({ FromPort }) => FromPort).sort()).toEqual([6379, 6380, UPDATES.port]);
    expect(ingress.every(({ CidrIp }) => CidrIp === undefined)).toBe(true);
    const groups = Object.values(updates.findResources('AWS::EC2::SecurityGroup')).map(({ Properties }) => Properties);
    const open = groups.flatMap(({ SecurityGroupIngress = [] }) => SecurityGroupIngress);
    expect(open).toEqual([expect.objectContaining({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 })]);
    // The network knows nothing of this stack.
    expect(JSON.stringify(network.toJSON())).not.toContain('updates');
  });

  it('gives a server the right to the cache as its user, and to its own secret, and to nothing else', () => {
    const task = JSON.stringify(updates.findResources('AWS::ECS::TaskDefinition'));
    expect(task).not.toContain('QR_UPDATES_SECRET"');
    expect(task).toContain('QR_UPDATES_SECRET_ARN');
    const rights = rightsOf(updates, /TaskTaskRole/);
    expect(rights.flatMap(({ actions }) => actions).sort()).toEqual([
      'elasticache:Connect',
      'secretsmanager:GetSecretValue',
    ]);
    expect(rights.flatMap(({ resources }) => resources).some((resource) => resource.includes('*'))).toBe(false);
  });

  it('shows what it runs with as read only, with logs that end', () => {
    updates.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
      ContainerDefinitions: [Match.objectLike({ ReadonlyRootFilesystem: true, StopTimeout: 30 })],
    });
    updates.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: environment('prod').logDays });
    updates.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { HealthCheckPath: '/health' });
  });
});
