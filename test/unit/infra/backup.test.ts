import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  BACKUP,
  deployedNames,
  ENVIRONMENT_NAMES,
  environment,
  TOPIC_NAMES,
  TOPICS,
} from '../../../lib/catalog/index.ts';
import { allowed, rightsIn } from './policies.ts';
import { stacksOf, templatesOf } from './templates.ts';

describe.each(ENVIRONMENT_NAMES)('the backups of %s', (name) => {
  const { backup, cache } = templatesOf(name);
  const names = deployedNames(name);
  const { everyMinutes, fullAfterDays, keepDays, withCache } = environment(name).backup;
  const rights = rightsIn(backup).get(BACKUP.name) ?? [];

  it('lie in a bucket with versions, encrypted by a key of its own, which stays with its key', () => {
    backup.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: Match.objectLike({
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            Match.objectLike({ ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }) }),
          ],
        },
        LifecycleConfiguration: {
          Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: keepDays + fullAfterDays + 1 })]),
        },
      }),
    });
    backup.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain' });
    for (const { Properties } of Object.values(backup.findResources('AWS::S3::BucketPolicy'))) {
      const denied = JSON.stringify(Properties.PolicyDocument);
      expect(denied).toContain('"aws:SecureTransport":"false"');
      expect(denied).toContain('"s3:TlsVersion":1.2');
    }
  });

  it('are made by a function that is called more often than they are due, one call at a time', () => {
    expect(BACKUP.callEveryMinutes).toBeLessThanOrEqual(everyMinutes / 2);
    expect(BACKUP.function.timeoutSeconds).toBeLessThan(BACKUP.callEveryMinutes * 60);
    backup.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: names.function(BACKUP.name),
      ReservedConcurrentExecutions: 1,
      VpcConfig: { SecurityGroupIds: [Match.anyValue()], SubnetIds: Match.anyValue() },
      Environment: {
        Variables: Match.objectLike({
          BACKUP_EVERY_MINUTES: String(everyMinutes),
          BACKUP_FULL_AFTER_DAYS: String(fullAfterDays),
          BACKUP_PARTS: withCache ? 'schemas,redis' : 'schemas',
          REDIS_URL: { 'Fn::Join': ['', Match.arrayWith([`rediss://${names.cacheReader}@`])] },
        }),
      },
    });
    backup.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(15 minutes)', State: 'ENABLED' });
  });

  it('are made by rights to read, and to write into the bucket, and by nothing that changes or deletes', () => {
    expect(allowed(rights, 'kafka-cluster:ReadData', /CLUSTER\/(.*)$/)).toEqual([...TOPIC_NAMES].sort());
    expect(allowed(rights, 'kafka-cluster:DescribeGroup', /CLUSTER\/(.*)$/)).toEqual(
      TOPICS.map(({ consumerGroup }) => consumerGroup).sort(),
    );
    const actions = rights.filter(({ effect }) => effect === 'Allow').flatMap((right) => right.actions);
    for (const action of [
      'AlterGroup',
      'DeleteGroup',
      'WriteData',
      'CreateTopic',
      'AlterTopic',
      'DeleteTopic',
      's3:DeleteObject',
      'glue:Create',
    ])
      expect(actions.join()).not.toContain(action);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(allowed(rights, 's3:PutObject', /(\/.*)$/)).toEqual(['/qr/*']);
    expect(allowed(rights, 'elasticache:Connect', /<(.*)>/)).toEqual(['cachearn', 'cachereaderarn']);
  });

  it('read the cache as a user who may only read', () => {
    cache.hasResourceProperties('AWS::ElastiCache::User', {
      UserName: names.cacheReader,
      AccessString: Match.stringLikeRegexp('-@all \\+@read'),
    });
    cache.hasResourceProperties('AWS::ElastiCache::UserGroup', { UserIds: [names.cacheUser, names.cacheReader] });
  });

  it('are deployed after what they read', () => {
    const { network, streaming, cache: cacheStack, storage, schemas, backup: stack } = stacksOf(name);
    expect(stack.dependencies).toEqual(expect.arrayContaining([network, streaming, cacheStack, storage, schemas]));
  });
});
