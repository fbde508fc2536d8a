import { readFileSync } from 'node:fs';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { type EnvironmentName, environment, SCHEDULED_FUNCTIONS, TOPICS } from '../../../lib/catalog/index.ts';
import { COMMANDS } from '../../../lib/cli/commands/index.ts';
import { TOGETHER } from '../../../lib/infra/constructs/watch.ts';
import {
  BACKUP_ALARMS,
  BROKER_ALARMS,
  CACHE_ALARMS,
  CLUSTER_ALARMS,
  CONNECT_ALARMS,
  FUNCTION_ALARMS,
  SECTIONS,
  TOPIC_ALARMS,
  UPDATES_ALARMS,
} from '../../../lib/infra/watch/index.ts';
import { templatesOf } from './templates.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

const TABLES = [
  TOPIC_ALARMS,
  FUNCTION_ALARMS,
  CLUSTER_ALARMS,
  BROKER_ALARMS,
  CACHE_ALARMS,
  BACKUP_ALARMS,
  UPDATES_ALARMS,
  CONNECT_ALARMS,
];
const KINDS = [...TABLES.flatMap((table) => table.map(({ name }) => name)), ...TOGETHER];

const templateOf = (name: EnvironmentName): Template => templatesOf(name).observability;

const CONNECTORS = ['outbox', 'rollups', 'ledger', 'search'] as const;

const propertiesOf = (template: Template, type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);

/** The one metric an alarm looks at. */
const reading = (Namespace: string, MetricName: string, dimensions: Readonly<Record<string, string>>) => ({
  Metrics: [
    {
      MetricStat: {
        Metric: {
          Namespace,
          MetricName,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
      },
    },
  ],
});

// One with Standard brokers, one with Express.
describe.each(['dev', 'prod'] as const)('alarms of %s', (name) => {
  const template = templateOf(name);
  const { alarms, backup, cluster, cache, onCallEmail, runbook } = environment(name);
  const made = [
    ...propertiesOf(template, 'AWS::CloudWatch::Alarm'),
    ...propertiesOf(template, 'AWS::CloudWatch::CompositeAlarm'),
  ];
  const named = (alarm: string) => made.find(({ AlarmName }) => AlarmName === `qr-${name}-${alarm}`);

  it('watch every topic by the objectives of the catalog', () => {
    for (const topic of TOPICS) {
      expect(named(`latency-${topic.name}`)).toMatchObject({
        Threshold: topic.latencyObjectiveMs,
        ComparisonOperator: 'GreaterThanThreshold',
        Metrics: [
          {
            MetricStat: {
              Stat: 'p95',
              Metric: {
                Namespace: 'QrSaas/Streams',
                MetricName: 'EndToEndLatency',
                Dimensions: [
                  { Name: 'consumerGroup', Value: topic.consumerGroup },
                  { Name: 'service', Value: topic.name },
                ],
              },
            },
          },
        ],
      });
      expect(named(`lag-${topic.name}`)).toMatchObject({ Threshold: alarms.lag, EvaluationPeriods: 3 });
      expect(named(`records-lost-${topic.name}`)).toMatchObject({ Threshold: 0, EvaluationPeriods: 1 });
      expect(named(`errors-${topic.name}`)).toMatchObject({ Threshold: alarms.errorRatePercent });
    }
    expect(named('dead-letters-dead-letter-queue')).toMatchObject({ Threshold: alarms.deadLetters });
    expect(named('dead-letters-analytics-events')).toBeUndefined();
    expect(named('backup-late')).toMatchObject({ Threshold: 2 * backup.everyMinutes * 60, EvaluationPeriods: 1 });
    expect(named('cache-memory')).toMatchObject({ Threshold: cache.gigabytes * 800_000_000 });
  });

  it('watch every connector, what sinks have not read, and the log that the database keeps for a source', () => {
    for (const connector of CONNECTORS) {
      expect(named(`connector-failed-${connector}`)).toMatchObject({
        Threshold: 0,
        ...reading('AWS/KafkaConnect', 'ErroredTaskCount', { ConnectorName: `qr-${name}-${connector}` }),
      });
      expect(named(`connector-lag-${connector}`) === undefined).toBe(connector === 'outbox');
      expect(named(`slot-lag-${connector}`) === undefined).toBe(connector !== 'outbox');
    }
    expect(named('connector-lag-ledger')).toMatchObject({
      Threshold: alarms.lag,
      ...reading('AWS/Kafka', 'SumOffsetLag', {
        'Cluster Name': `qr-${name}`,
        'Consumer Group': `connect-qr-${name}-ledger`,
        Topic: 'payment-events',
      }),
    });
    // Of two topics, which it reads as one group.
    expect(named('connector-lag-search')?.Metrics).toHaveLength(3);
    expect(named('slot-lag-outbox')).toMatchObject(
      reading('AWS/RDS', 'OldestLogicalReplicationSlotLag', { DBInstanceIdentifier: 'qr' }),
    );
  });

  it('find event source mappings by the ids in the Parameter Store, and import nothing from other stacks', () => {
    const { Parameters } = template.toJSON();
    const defaults = Object.values<{ Default?: string }>(Parameters).map(({ Default }) => Default);
    expect(defaults).toEqual(expect.arrayContaining(TOPICS.map((topic) => `/qr/${name}/mapping/${topic.name}`)));
    expect(JSON.stringify(template.toJSON())).not.toContain('ImportValue');
  });

  it('tell what has happened and where to read on', () => {
    for (const { AlarmName, AlarmDescription } of made) {
      const [, anchor] = String(AlarmDescription).split(`Runbook: ${runbook}#`);
      expect(KINDS, AlarmName).toContain(anchor);
      expect(AlarmName).toMatch(new RegExp(`^qr-${name}-${anchor}(-|$)`));
    }
  });

  it('count silence as a fault only where something always speaks', () => {
    const faults = made.filter(({ TreatMissingData }) => TreatMissingData === 'breaching').map((one) => one.AlarmName);
    expect(faults.sort()).toEqual(
      [
        'no-controller',
        'updates-servers',
        'backup-late',
        ...CONNECTORS.map((one) => `connector-stopped-${one}`),
        ...TOPICS.map((topic) => `mapping-silent-${topic.name}`),
        ...SCHEDULED_FUNCTIONS.map((one) => `not-called-${one.name}`),
      ]
        .map((one) => `qr-${name}-${one}`)
        .sort(),
    );
  });

  it('tell of a late topic once, and not while the platform is at fault', () => {
    for (const kind of ['lag', 'latency', 'retries', 'throttles']) {
      for (const topic of TOPICS) expect(named(`${kind}-${topic.name}`)?.AlarmActions ?? []).toEqual([]);
    }
    for (const topic of TOPICS) {
      expect(named(`behind-${topic.name}`)).toMatchObject({
        ActionsSuppressor: { 'Fn::GetAtt': [expect.stringContaining('platform'), 'Arn'] },
        AlarmActions: [expect.anything()],
      });
    }
    expect(named('platform')?.AlarmActions ?? []).toEqual([]);
    for (const { AlarmName, AlarmActions } of made) {
      if (!/-(lag|latency|retries|throttles|platform)(-|$)/.test(AlarmName))
        expect(AlarmActions, AlarmName).toHaveLength(1);
    }
  });

  it('ask of brokers only what their kind tells', () => {
    const standardOnly = ['broker-disk-1', 'under-min-isr-1', 'offline-partitions'];
    for (const alarm of standardOnly) expect(named(alarm) !== undefined).toBe(cluster.kind === 'standard');
    expect(named('producers-held-1') !== undefined).toBe(cluster.kind === 'express');
    for (let broker = 1; broker <= cluster.brokers; broker += 1) {
      expect(named(`broker-cpu-${broker}`)).toMatchObject({ Threshold: alarms.brokerPercent });
    }
  });

  it('reach the on-call by a topic that only CloudWatch of this account uses, encrypted on the way and at rest', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: onCallEmail });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Principal: { Service: 'cloudwatch.amazonaws.com' },
          }),
        ]),
      },
    });
  });

  it('stay within the ten metrics an expression of an alarm may have', () => {
    for (const { AlarmName, Metrics = [] } of made) expect(Metrics.length, AlarmName).toBeLessThanOrEqual(10);
  });

  it('are drawn on one dashboard, with a graph for every kind', () => {
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    const body = JSON.stringify(template.findResources('AWS::CloudWatch::Dashboard'));
    for (const graph of Object.values(SECTIONS).flat()) expect(body).toContain(graph);
  });
});

describe('the runbook', () => {
  const page = read('docs/runbook.md');
  const sections = new Map(
    page
      .split('\n## ')
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
  );

  it('has a section for each kind of alarm, and for nothing else', () => {
    expect([...sections.keys()].sort()).toEqual([...KINDS].sort());
  });

  it('refers only to sections there are', () => {
    for (const [, anchor] of page.matchAll(/\]\(#([\w-]+)\)/g)) expect(KINDS).toContain(anchor);
  });

  it('names only commands there are', () => {
    for (const [, command] of page.matchAll(/\.\/stream-manager\.sh ([\w-]+)/g)) {
      expect(COMMANDS.map(({ name }) => name)).toContain(command);
    }
  });

  it.each([...sections].filter(([kind]) => kind !== 'platform'))('says of %s what to type first', (_, section) => {
    expect(section).toMatch(/\n {4}\.\/stream-manager\.sh /);
  });
});
