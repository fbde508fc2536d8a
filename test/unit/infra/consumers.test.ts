import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  deployedNames,
  ENVIRONMENT_NAMES,
  environment,
  SCHEDULED_FUNCTIONS,
  TOPIC_NAMES,
  TOPICS,
} from '../../../lib/catalog/index.ts';
import { ON_FAILURE_PREFIX } from '../../../lib/infra/stacks/storage.ts';
import { allowed, rightsIn } from './policies.ts';
import { stacksOf, templatesOf } from './templates.ts';

const DOCUMENT_LIMIT = 10_240;
const RESOURCE_LIMIT = 500;
/** Actions that AWS takes for all resources only; lib/infra/rights says so beside each. */
const WITHOUT_ARN = [
  'acm:RequestCertificate',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'glue:GetSchemaVersion',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

describe.each(ENVIRONMENT_NAMES)('the consumers of %s', (name) => {
  const { consumers, storage } = templatesOf(name);
  const rights = rightsIn(consumers);
  const names = deployedNames(name);
  const all = [...TOPICS, ...SCHEDULED_FUNCTIONS];

  it('are a function of the catalog each: arm64, a current Node, its own log, traces, in the VPC', () => {
    consumers.resourceCountIs('AWS::Lambda::Function', all.length);
    for (const { name: member, function: settings } of all) {
      consumers.hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: names.function(member),
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        MemorySize: settings.memoryMb,
        Timeout: settings.timeoutSeconds,
        ReservedConcurrentExecutions: settings.reservedConcurrency,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: Match.objectLike({ LogFormat: 'JSON', LogGroup: Match.anyValue() }),
        VpcConfig: { SecurityGroupIds: [Match.anyValue()], SubnetIds: Match.anyValue() },
        Environment: {
          Variables: Match.objectLike({
            KAFKA_AUTH: 'iam',
            SCHEMA_REGISTRY_URL: `glue:${names.registry}`,
            REDIS_AUTH: 'iam',
            REDIS_MODE: 'cluster',
            REDIS_CACHE_NAME: names.cache,
            POWERTOOLS_SERVICE_NAME: member,
            QR_LINK_SECRET: Match.absent(),
            QR_LINK_SECRET_ARN: member === 'notifications' ? Match.anyValue() : Match.absent(),
          }),
        },
      });
      consumers.hasResourceProperties('AWS::Logs::LogGroup', {
        LogGroupName: `/aws/lambda/${names.function(member)}`,
        RetentionInDays: environment(name).logDays,
      });
    }
  });

  it('stand where there is no way to the internet, but for those that need one', () => {
    const outside = Object.values(consumers.findResources('AWS::Lambda::Function')).flatMap(({ Properties }) =>
      JSON.stringify(Properties.VpcConfig).includes('internetSubnet') ? [Properties.FunctionName] : [],
    );
    expect(outside.sort()).toEqual(['business-automation', 'data-retention', 'notifications'].map(names.function));
  });

  it('have thirteen mappings with every control of provisioned mode, and filter nothing', () => {
    consumers.resourceCountIs('AWS::Lambda::EventSourceMapping', 13);
    for (const { name: topic, mapping, consumerGroup, function: settings } of TOPICS) {
      const isLast = topic === 'dead-letter-queue';
      const destination = isLast ? { 'Fn::Join': Match.anyValue() } : 'kafka://dead-letter-queue';
      consumers.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        Topics: [topic],
        FunctionName:
          settings.provisionedConcurrency === undefined
            ? { 'Fn::GetAtt': Match.anyValue() }
            : { Ref: Match.stringLikeRegexp('Alias') },
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: consumerGroup },
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: mapping.batchSize,
        MaximumBatchingWindowInSeconds: mapping.batchingWindowSeconds,
        MaximumRetryAttempts: mapping.maximumRetryAttempts,
        MaximumRecordAgeInSeconds: mapping.maximumRecordAgeSeconds,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: destination } },
        ProvisionedPollerConfig: {
          MinimumPollers: mapping.minimumPollers,
          MaximumPollers: mapping.maximumPollers,
          PollerGroupName: `qr-${name}`,
        },
        MetricsConfig: { Metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'] },
        LoggingConfig: { SystemLogLevel: 'INFO' },
        FilterCriteria: Match.absent(),
      });
      consumers.hasResourceProperties('AWS::SSM::Parameter', {
        Name: names.parameter(`mapping/${topic}`),
        Value: { Ref: Match.stringLikeRegexp('mapping') },
      });
    }
  });

  it('share pollers within the limits: no more than partitions each, no more than 2,000 together', () => {
    for (const { mapping, partitions } of TOPICS) expect(mapping.maximumPollers).toBeLessThanOrEqual(partitions);
    expect(TOPICS.reduce((sum, { mapping }) => sum + mapping.maximumPollers, 0)).toBeLessThanOrEqual(2_000);
  });

  it('are started by rules where the catalog says so, and what was missed is not made up for', () => {
    for (const { name: member, everyMinutes } of SCHEDULED_FUNCTIONS) {
      consumers.hasResourceProperties('AWS::Events::Rule', {
        Name: names.function(member),
        ScheduleExpression: everyMinutes === 1 ? 'rate(1 minute)' : `rate(${everyMinutes} minutes)`,
        State: 'ENABLED',
      });
    }
    consumers.resourceCountIs('AWS::Lambda::EventInvokeConfig', SCHEDULED_FUNCTIONS.length);
  });

  it('may do nothing by a wildcard, but what AWS knows no ARN of', () => {
    for (const statements of rights.values()) {
      for (const { effect, actions, resources, hasNotResource } of statements) {
        for (const action of actions) expect(action).not.toContain('*');
        if (effect === 'Deny') continue;
        if (resources.includes('*')) for (const action of actions) expect(WITHOUT_ARN).toContain(action);
        if (hasNotResource) expect(actions).toEqual(['sns:Publish']);
      }
    }
  });

  it('deny the code of a function what Lambda needs to connect it', () => {
    for (const statements of rights.values()) {
      const denied = statements.filter(({ effect }) => effect === 'Deny').flatMap(({ actions }) => actions);
      const given = statements
        .filter(({ effect }) => effect === 'Allow')
        .flatMap(({ actions }) => actions.filter((action) => action.startsWith('ec2:')));
      expect(new Set(denied)).toEqual(new Set(given));
    }
  });

  it('read their own topic in their own group, and write what they publish', () => {
    const topics = /:topic\/CLUSTER\/(.+)$/;
    for (const { name: topic, consumerGroup } of TOPICS) {
      const own = rights.get(topic) ?? [];
      const isLast = topic === 'dead-letter-queue';
      expect(allowed(own, 'kafka-cluster:ReadData', topics)).toEqual(isLast ? [...TOPIC_NAMES].sort() : [topic]);
      expect(allowed(own, 'kafka-cluster:AlterGroup', /:group\/CLUSTER\/(.+)$/)).toEqual([consumerGroup]);
      expect(allowed(own, 'kafka-cluster:WriteData', topics).includes('dead-letter-queue')).toBe(!isLast);
    }
    expect(allowed(rights.get('scheduler') ?? [], 'kafka-cluster:WriteData', topics)).toEqual([...TOPIC_NAMES].sort());
    expect(allowed(rights.get('scheduler') ?? [], 'kafka-cluster:ReadData', topics)).toEqual([]);
  });

  it('reach the objects of their folders and no others, the audit bucket by its writer alone', () => {
    const objects = /:s3:::(<.+)$/;
    expect(allowed(rights.get('audit-logs') ?? [], 's3:PutObject', objects)).toEqual(['<auditbucket>/audit/*']);
    expect(allowed(rights.get('audit-logs') ?? [], 's3:DeleteObject', objects)).toEqual([]);
    expect(allowed(rights.get('payment-events') ?? [], 's3:PutObject', objects)).toEqual([
      '<bucket>/ledger/*',
      '<bucket>/schedule/*',
    ]);
    for (const [member, own] of rights) {
      const resources = own.flatMap((right) => right.resources);
      expect(resources.some((resource) => resource.includes('<auditbucket>'))).toBe(member === 'audit-logs');
      const inBuckets = resources.filter((resource) => resource.includes(':s3:::'));
      if (['team-collaboration', 'ecommerce-sync'].includes(member)) expect(inBuckets).toEqual([]);
      if (member === 'analytics-events') {
        expect(inBuckets.filter((resource) => /bucket>\/(?!analytics-history\/)/.test(resource))).toEqual([]);
      }
    }
  });

  it('leave batches that the consumer of dead letters gave up where a lifecycle ends them', () => {
    const written = allowed(rights.get('dead-letter-queue') ?? [], 's3:PutObject', /:s3:::<bucket>\/(.+)$/);
    expect(written).toContain(`${ON_FAILURE_PREFIX}*`);
    storage.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix: ON_FAILURE_PREFIX })]) },
    });
  });

  it('read no secret but the one that signs links, and only where links are signed', () => {
    const readers = [...rights].filter(([, own]) =>
      own.some(({ actions }) => actions.some((action) => action.startsWith('secretsmanager:'))),
    );
    expect(readers.map(([member]) => member)).toEqual(['notifications']);
  });

  it('stay within what a role and a stack can hold', () => {
    const sizes = Object.values(consumers.findResources('AWS::IAM::Policy')).map(
      ({ Properties }) =>
        // A reference becomes an ARN or a name: about as long as its own text in the template, or shorter.
        JSON.stringify(Properties.PolicyDocument).replaceAll(/\{"Fn::Select".*?\]\}\]\}/g, 'x'.repeat(50)).length,
    );
    expect(Math.max(...sizes)).toBeLessThan(DOCUMENT_LIMIT);
    for (const template of Object.values(templatesOf(name))) {
      expect(Object.keys(template.toJSON().Resources).length).toBeLessThan(RESOURCE_LIMIT / 2);
    }
  });

  it('are deployed after what they find by parameters, and lock nothing but the network', () => {
    const { consumers: stack } = stacksOf(name);
    expect(stack.dependencies.map(({ stackName }) => stackName).sort()).toEqual(
      ['cache', 'network', 'schemas', 'storage', 'streaming'].map((part) => `qr-${name}-${part}`),
    );
    const imported = JSON.stringify(consumers.toJSON()).match(/"Fn::ImportValue":"qr-[a-z]+-[a-z]+/g) ?? [];
    expect(new Set(imported)).toEqual(new Set([`"Fn::ImportValue":"qr-${name}-network`]));
  });
});

describe('values that a deployment knows', () => {
  it('are each written by one stack', () => {
    const templates = Object.values(templatesOf('prod'));
    const written = templates.flatMap((template) =>
      Object.values(template.findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties.Name),
    );
    const wanted = [
      ...['cluster-arn', 'brokers', 'cache-endpoint', 'cache-arn', 'cache-user-arn', 'bucket'],
      ...['cache-reader-arn', 'backup-bucket', 'updates-balancer', 'updates-targets'],
      ...['audit-bucket', 'storage-key-arn', ...TOPIC_NAMES.map((topic) => `mapping/${topic}`)],
    ];
    expect(written.sort()).toEqual(wanted.map((value) => `/qr/prod/${value}`).sort());
  });
});
