import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  BACKUP,
  DEPLOYMENT_FUNCTIONS,
  ENVIRONMENT_NAMES,
  environment,
  SCHEDULED_FUNCTIONS,
  TOPICS,
  topicSettings,
} from '../../../lib/catalog/index.ts';
import { topicProperties } from '../../../lib/infra/constructs/topics.ts';
import { templatesOf } from './templates.ts';

describe.each(ENVIRONMENT_NAMES)('the environment %s', (name) => {
  const { network, streaming, cache, storage, trail } = templatesOf(name);
  const { cluster } = environment(name);

  it('has the thirteen topics of the catalog, which stay when the stack goes', () => {
    const topics = streaming.findResources('AWS::MSK::Topic');
    expect(Object.keys(topics)).toHaveLength(TOPICS.length);
    for (const topic of TOPICS) {
      streaming.hasResource('AWS::MSK::Topic', {
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: Match.objectLike({
          TopicName: topic.name,
          PartitionCount: topic.partitions,
          ReplicationFactor: 3,
          Configs: { 'Fn::Base64': topicProperties(topic, cluster.kind === 'express') },
        }),
      });
    }
  });

  it('has a cluster that takes nothing but IAM over TLS, and makes no topics by itself', () => {
    streaming.hasResource('AWS::MSK::Cluster', {
      DeletionPolicy: 'Retain',
      Properties: Match.objectLike({
        NumberOfBrokerNodes: cluster.brokers,
        ClientAuthentication: { Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } },
        EncryptionInfo: Match.objectLike({ EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true } }),
      }),
    });
    streaming.hasResourceProperties('AWS::MSK::Configuration', {
      ServerProperties: Match.stringLikeRegexp('auto.create.topics.enable=false'),
    });
  });

  it('spreads over three zones, and lets nobody in from outside', () => {
    const zones = Object.values(network.findResources('AWS::EC2::Subnet')).map(
      ({ Properties }) => Properties.AvailabilityZone['Fn::Select'][0],
    );
    expect(new Set(zones)).toEqual(new Set([0, 1, 2]));
    network.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { CidrIp: Match.anyValue() }, 0);
    for (const { Properties } of Object.values(network.findResources('AWS::EC2::SecurityGroup'))) {
      expect(Properties.SecurityGroupIngress).toBeUndefined();
    }
    network.resourceCountIs('AWS::EC2::NatGateway', environment(name).natGateways);
  });

  it('keeps its cache private, encrypted and backed up', () => {
    cache.hasResource('AWS::ElastiCache::ServerlessCache', {
      DeletionPolicy: 'Retain',
      Properties: Match.objectLike({
        Engine: 'valkey',
        KmsKeyId: Match.anyValue(),
        UserGroupId: Match.anyValue(),
        SnapshotRetentionLimit: environment(name).cache.snapshotDays,
      }),
    });
    cache.hasResourceProperties('AWS::ElastiCache::User', { AuthenticationMode: { Type: 'iam' } });
  });

  it('has buckets that are private and stay, and audit records that nobody can delete', () => {
    for (const { Properties, DeletionPolicy } of Object.values(storage.findResources('AWS::S3::Bucket'))) {
      expect(DeletionPolicy).toBe('Retain');
      expect(Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
    }
    const { lockDays, lockMode } = environment(name).audit;
    storage.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: lockMode, Days: lockDays } },
      },
    });
  });

  it('has a trail where it asks for one, which covers every bucket of data and every function', () => {
    expect(trail !== undefined).toBe(environment(name).dataTrail);
    trail?.hasResourceProperties('AWS::CloudTrail::Trail', {
      IsLogging: true,
      EnableLogFileValidation: true,
      EventSelectors: [
        {
          DataResources: [{ Type: 'AWS::S3::Object', Values: [Match.anyValue(), Match.anyValue(), Match.anyValue()] }],
        },
        {
          DataResources: [
            {
              Type: 'AWS::Lambda::Function',
              Values: [...TOPICS, ...SCHEDULED_FUNCTIONS, ...DEPLOYMENT_FUNCTIONS, BACKUP].map(({ name: member }) => ({
                'Fn::Join': ['', Match.arrayWith([`:function:qr-${name}-${member}`])],
              })),
            },
          ],
        },
      ],
    });
    trail?.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });
});

describe('the settings of a topic', () => {
  it('are its retention, its largest message, and what Express brokers do not fix themselves', () => {
    expect(topicProperties({ retentionMs: 5 }, true)).toBe('retention.ms=5');
    expect(topicProperties({ retentionMs: 5, maxMessageBytes: 9 }, false)).toBe(
      'retention.ms=5\nmax.message.bytes=9\nmin.insync.replicas=2',
    );
  });

  it.each(TOPICS)(
    'of $name are those it has on the local broker; only min.insync.replicas is said beside them',
    (topic) => {
      const settingsIn = (isExpress: boolean) =>
        Object.fromEntries(
          topicProperties(topic, isExpress)
            .split('\n')
            .map((line) => line.split('=')),
        );
      expect(settingsIn(true)).toEqual(topicSettings(topic));
      expect(settingsIn(false)).toEqual({ ...topicSettings(topic), 'min.insync.replicas': '2' });
    },
  );
});
