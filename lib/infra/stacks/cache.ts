import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnServerlessCache, CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { CACHE_READER_ACCESS, deployedNames, type Environment } from '../../catalog/index.ts';
import { publishValue } from '../constructs/deployed-values.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import { removalOf } from '../removal.ts';
import { type NetworkStack, SUBNETS } from './network.ts';

/**
 * The cache: serverless Valkey. It spreads over the zones, always uses TLS, scales by itself below its limits, and costs
 * what is used; replicated nodes would be cheaper only under a steady, well-known load. Clients authenticate by IAM, so
 * that there is no password to keep or to turn over.
 */
export class CacheStack extends EnvironmentStack {
  constructor(scope: Construct, environment: Environment, { vpc, cache }: NetworkStack) {
    super(scope, 'cache', environment, { description: 'Valkey cache' });
    const { gigabytes, ecpuPerSecond, snapshotDays } = environment.cache;
    const key = new Key(this, 'Key', {
      description: `Cache data of ${environment.name}`,
      enableKeyRotation: true,
      removalPolicy: removalOf(environment),
    });
    const names = deployedNames(environment.name);
    const user = new CfnUser(this, 'Functions', {
      userId: names.cacheUser,
      userName: names.cacheUser,
      engine: 'valkey',
      authenticationMode: { Type: 'iam' },
      // All keys, all commands but those that can empty the cache, read its settings, or stop it.
      accessString: 'on ~* &* +@all -@dangerous +info +keys',
    });
    const reader = new CfnUser(this, 'Reader', {
      userId: names.cacheReader,
      userName: names.cacheReader,
      engine: 'valkey',
      authenticationMode: { Type: 'iam' },
      accessString: CACHE_READER_ACCESS,
    });
    const group = new CfnUserGroup(this, 'Users', {
      userGroupId: `qr-${environment.name}`,
      engine: 'valkey',
      userIds: [user.userId, reader.userId],
    });
    for (const each of [user, reader]) group.addResourceDependency(each);
    const made = new CfnServerlessCache(this, 'Cache', {
      serverlessCacheName: names.cache,
      description: `Counters, marks and states of ${environment.name}`,
      engine: 'valkey',
      majorEngineVersion: '8',
      cacheUsageLimits: {
        dataStorage: { maximum: gigabytes, unit: 'GB' },
        ecpuPerSecond: { maximum: ecpuPerSecond },
      },
      dailySnapshotTime: '03:00',
      snapshotRetentionLimit: snapshotDays,
      finalSnapshotName: `qr-${environment.name}-final`,
      kmsKeyId: key.keyArn,
      securityGroupIds: [cache.securityGroupId],
      subnetIds: vpc.selectSubnets({ subnetGroupName: SUBNETS.data }).subnetIds,
      userGroupId: group.userGroupId,
    });
    made.addResourceDependency(group);
    made.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const endpoint = `${made.attrEndpointAddress}:${made.attrEndpointPort}`;
    publishValue(this, environment.name, 'cache-endpoint', endpoint);
    publishValue(this, environment.name, 'cache-arn', made.attrArn);
    publishValue(this, environment.name, 'cache-user-arn', user.attrArn);
    publishValue(this, environment.name, 'cache-reader-arn', reader.attrArn);
  }
}
