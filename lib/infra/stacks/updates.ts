import { Aws } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { deployedNames, type Environment, UPDATES, type UpdatesPlace } from '../../catalog/index.ts';
import { METRICS_NAMESPACE } from '../../functions/index.ts';
import { deployedValue, publishValue } from '../constructs/deployed-values.ts';
import { UpdatesBalancer } from '../constructs/updates-balancer.ts';
import { UpdatesService } from '../constructs/updates-service.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import { explained } from '../explained.ts';
import { removalOf } from '../removal.ts';
import type { NetworkStack } from './network.ts';

const HTTPS = 443;
/** Of the cache: writes and strong reads on the first, reads of replicas on the second. */
const CACHE = [6379, 6380] as const;

/**
 * The updates API: servers that hold the connections of browsers, behind a balancer. Why not functions, docs/aws.md reckons.
 *
 * @param place as the environment has it
 * @param image of the server
 */
export class UpdatesStack extends EnvironmentStack {
  constructor(
    scope: Construct,
    environment: Environment,
    { vpc, cache }: NetworkStack,
    place: UpdatesPlace,
    image: ContainerImage,
  ) {
    super(scope, 'updates', environment, { description: 'Updates API: Server-Sent Events for pages' });
    const { name } = environment;
    const names = deployedNames(name);
    const group = (id: string, description: string): SecurityGroup =>
      new SecurityGroup(this, id, { vpc, description, allowAllOutbound: false });
    const ofBalancer = group('BalancerGroup', 'The balancer of the updates API');
    const ofServers = group('ServersGroup', 'The servers of the updates API');
    connect(ofBalancer, ofServers, UPDATES.port, 'servers');
    // The rule belongs to this stack: the network does not know of it.
    const ofCache = SecurityGroup.fromSecurityGroupId(this, 'CacheGroup', cache.securityGroupId, {
      allowAllOutbound: false,
    });
    for (const port of CACHE) connect(ofServers, ofCache, port, 'cache');
    ofServers.addEgressRule(Peer.anyIpv4(), Port.tcp(HTTPS), 'the image, logs and the secret, through NAT');

    const secret = this.#secret();
    const service = new UpdatesService(this, 'Servers', {
      environment,
      servers: place.servers,
      vpc,
      securityGroup: ofServers,
      image,
      variables: {
        QR_UPDATES_SECRET_ARN: secret.secretArn,
        QR_UPDATES_ORIGINS: place.origins.join(','),
        QR_UPDATES_CONNECTIONS: String(UPDATES.connections),
        PORT: String(UPDATES.port),
        REDIS_URL: `rediss://${names.cacheUser}@${deployedValue(this, name, 'cache-endpoint')}`,
        REDIS_AUTH: 'iam',
        REDIS_CACHE_NAME: names.cache,
        REDIS_MODE: 'cluster',
        AWS_REGION: Aws.REGION,
        POWERTOOLS_SERVICE_NAME: UPDATES.name,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      },
      statements: [
        new PolicyStatement({
          actions: ['elasticache:Connect'],
          resources: [deployedValue(this, name, 'cache-arn'), deployedValue(this, name, 'cache-user-arn')],
        }),
        new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }),
      ],
    });
    const balancer = new UpdatesBalancer(this, 'Balancer', {
      environment,
      vpc,
      securityGroup: ofBalancer,
      certificateArn: place.certificateArn,
      service: service.service,
    });
    publishValue(this, name, 'updates-balancer', balancer.fullName);
    publishValue(this, name, 'updates-targets', balancer.targetsFullName);
  }

  /** Signs tokens; the application's back end, which issues them, reads the same secret. */
  #secret(): Secret {
    const secret = new Secret(this, 'Secret', {
      secretName: deployedNames(this.environmentOf.name).updatesSecret,
      description: 'Signs the tokens of the updates API',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: removalOf(this.environmentOf),
    });
    explained(secret, {
      id: 'AwsSolutions-SMG4',
      reason:
        'Whoever issues tokens must read the new secret at the same moment; it is turned over by hand when it leaks',
    });
    return secret;
  }
}

const connect = (
  from: SecurityGroup,
  to: ReturnType<typeof SecurityGroup.fromSecurityGroupId>,
  port: number,
  what: string,
): void => {
  from.addEgressRule(to, Port.tcp(port), what);
  to.addIngressRule(from, Port.tcp(port), 'updates API');
};
