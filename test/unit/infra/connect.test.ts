import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  type ConnectPlace,
  ENVIRONMENT_NAMES,
  type Environment,
  environment,
  TOPIC_NAMES,
} from '../../../lib/catalog/index.ts';
import { deployment } from '../../../lib/infra/deployment.ts';
import { pluginArchive } from '../../../lib/infra/plugin.ts';
import { SOURCES, withEverything } from './everything.ts';
import { noCode, noImage } from './no-code.ts';
import { allowed, type Right, rightsOf } from './policies.ts';
import { newApp, stacksOf, templatesOf } from './templates.ts';

const { connect, network } = templatesOf('prod');
if (connect === undefined) throw new Error('the environment of the tests has connectors');
const place = withEverything(environment('prod')).connect;

const CONNECTORS = ['ledger', 'outbox', 'rollups', 'search'] as const;

const properties = (type: string) => Object.values(connect.findResources(type)).map((one) => one.Properties);

const connector = (name: string) =>
  properties('AWS::KafkaConnect::Connector').find(({ ConnectorName }) => ConnectorName === `qr-prod-${name}`);

const rightsOfConnector = (name: string): readonly Right[] => rightsOf(connect, new RegExp(`"${name}Role`));

/** What it may do with which topics. */
const topics = (name: string, action: string) =>
  allowed(rightsOfConnector(name), `kafka-cluster:${action}`, /:topic\/CLUSTER\/(.+)$/);

const OWN = (name: string): string => `__amazon_msk_connect_*_qr-prod-${name}_*`;

describe('connectors on MSK Connect', () => {
  it('are there only where an environment says what they connect, which none does', () => {
    for (const name of ENVIRONMENT_NAMES) expect(environment(name).connect).toBeUndefined();
  });

  it('ask for no plugin where an environment has none', () => {
    const asked = () => {
      throw new Error('somebody looked for the plugin');
    };
    const made = deployment(newApp(), environment('dev'), noCode, noImage, { ...SOURCES, plugin: asked });
    expect(made.connect).toBeUndefined();
  });

  it('say in one sentence what to run where nobody has built the plugin', () => {
    expect(() => pluginArchive('nowhere/qr-connect.zip')).toThrow(
      expect.objectContaining({ code: 'PREREQUISITE_MISSING', next: expect.stringContaining('npm run build:plugin') }),
    );
  });

  it('are those the environment names, each from its file, with IAM over TLS', () => {
    const made = properties('AWS::KafkaConnect::Connector');
    expect(made.map(({ ConnectorName }) => ConnectorName).sort()).toEqual(CONNECTORS.map((one) => `qr-prod-${one}`));
    for (const one of made) {
      expect(one).toMatchObject({
        KafkaConnectVersion: '3.7.x',
        KafkaClusterClientAuthentication: { AuthenticationType: 'IAM' },
        KafkaClusterEncryptionInTransit: { EncryptionType: 'TLS' },
      });
      const file = SOURCES.files.find(({ name }) => one.ConnectorName === `qr-prod-${name}`);
      expect(one.ConnectorConfiguration['connector.class']).toBe(file?.config['connector.class']);
      // Nothing that only a laptop's worker could fill in.
      expect(JSON.stringify(one)).not.toContain(`\${env:`);
    }
  });

  it('take workers as the processor asks for them, as many tasks at most as there are partitions to read', () => {
    expect(connector('rollups')?.Capacity).toEqual({
      AutoScaling: {
        McuCount: 1,
        MinWorkerCount: 1,
        MaxWorkerCount: 4,
        MaxAutoscalingTaskCount: 8,
        ScaleOutPolicy: { CpuUtilizationPercentage: 80 },
        ScaleInPolicy: { CpuUtilizationPercentage: 20 },
      },
    });
    expect(connector('outbox')?.Capacity).toEqual({ ProvisionedCapacity: { McuCount: 1, WorkerCount: 1 } });
  });

  it('keep logs for as long as the environment does, one group a connector', () => {
    const groups = properties('AWS::Logs::LogGroup');
    expect(groups.map(({ LogGroupName }) => LogGroupName).sort()).toEqual(
      CONNECTORS.map((one) => `/aws/vendedlogs/connect/qr-prod-${one}`),
    );
    for (const group of groups) expect(group.RetentionInDays).toBe(environment('prod').logDays);
    for (const one of properties('AWS::KafkaConnect::Connector')) {
      expect(one.LogDelivery.WorkerLogDelivery.CloudWatchLogs).toMatchObject({ Enabled: true });
    }
  });

  it('run one plugin, whose name tells its content, as a worker configuration’s does', () => {
    connect.resourceCountIs('AWS::KafkaConnect::CustomPlugin', 1);
    connect.hasResourceProperties('AWS::KafkaConnect::CustomPlugin', {
      Name: Match.stringLikeRegexp('^qr-prod-connect-[0-9a-f]{12}$'),
      ContentType: 'ZIP',
      Location: { S3Location: { FileKey: Match.stringLikeRegexp('^[0-9a-f]{64}\\.zip$') } },
    });
    const workers = properties('AWS::KafkaConnect::WorkerConfiguration').map(({ Name }) => Name);
    expect(workers).toHaveLength(CONNECTORS.length);
    for (const name of workers) expect(name).toMatch(/^qr-prod-(ledger|outbox|rollups|search)-[0-9a-f]{12}$/);
  });

  it('show no secret: placeholders, which the worker fills in', () => {
    const text = JSON.stringify(connect.toJSON());
    expect(text).toContain(`\${database:password}`);
    expect(text).toContain(`\${search:password}`);
    expect(text).not.toContain('resolve:secretsmanager');
  });

  it('stand in private subnets, and nobody reaches them', () => {
    const groups = properties('AWS::EC2::SecurityGroup');
    expect(groups).toHaveLength(CONNECTORS.length);
    for (const group of groups) expect(group.SecurityGroupIngress).toBeUndefined();
    for (const rule of properties('AWS::EC2::SecurityGroupIngress')) {
      expect(rule.CidrIp).toBeUndefined();
      // Of others' groups: brokers, endpoints, database, search server.
      expect(JSON.stringify(rule.GroupId)).not.toMatch(/(ledger|outbox|rollups|search)group/);
    }
    for (const one of properties('AWS::KafkaConnect::Connector')) {
      const { Vpc } = one.KafkaCluster.ApacheKafkaCluster;
      expect(Vpc.Subnets).toHaveLength(3);
      expect(JSON.stringify(Vpc.Subnets)).toContain('internet');
      expect(Vpc.SecurityGroups).toHaveLength(1);
    }
    // The network knows nothing of this stack.
    expect(JSON.stringify(network.toJSON().Resources)).not.toContain('connector');
  });

  it.each([
    ['outbox', [5432, 9098]],
    ['ledger', [443, 5432, 9098]],
    ['search', [443, 443, 9098]],
  ] as const)('let %s reach what it is connected with, and Secrets Manager through NAT', (name, ports) => {
    const own = (value: unknown) => JSON.stringify(value).includes(`${name}group`);
    const reached = properties('AWS::EC2::SecurityGroupEgress').filter(({ GroupId }) => own(GroupId));
    expect(reached.map(({ FromPort }) => FromPort).sort((a, b) => a - b)).toEqual(ports);
    const entered = properties('AWS::EC2::SecurityGroupIngress').filter((rule) => own(rule.SourceSecurityGroupId));
    expect(entered.map(({ FromPort }) => FromPort).sort((a, b) => a - b)).toEqual(ports);
    const [group] = properties('AWS::EC2::SecurityGroup').filter(({ GroupDescription }) =>
      GroupDescription.endsWith(` ${name}`),
    );
    expect(group?.SecurityGroupEgress).toEqual([
      expect.objectContaining({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }),
    ]);
  });

  it('need what they read to be there before them', () => {
    expect(
      stacksOf('prod')
        .connect?.dependencies.map(({ stackName }) => stackName)
        .sort(),
    ).toEqual(['network', 'schemas', 'streaming'].map((part) => `qr-prod-${part}`));
  });
});

describe('the role of a connector', () => {
  it('can be taken by MSK Connect of this account for this connector alone', () => {
    const roles = properties('AWS::IAM::Role');
    expect(roles).toHaveLength(CONNECTORS.length);
    for (const role of roles) {
      const [statement] = role.AssumeRolePolicyDocument.Statement;
      expect(statement.Principal).toEqual({ Service: 'kafkaconnect.amazonaws.com' });
      expect(statement.Condition.StringEquals).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
      expect(JSON.stringify(statement.Condition.ArnLike)).toMatch(/:connector\/qr-prod-[a-z]+\/\*"/);
    }
  });

  it.each(CONNECTORS)('of %s has no action for all, and no resource for all but a schema version', (name) => {
    const rights = rightsOfConnector(name);
    expect(rights.length).toBeGreaterThan(3);
    expect(rights.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
    const forAll = rights.filter(({ resources }) => resources.includes('*'));
    expect(forAll.flatMap(({ actions }) => actions)).toEqual(name === 'outbox' ? [] : ['glue:GetSchemaVersion']);
  });

  it.each([
    ['ledger', ['payment-events']],
    ['rollups', ['analytics-events']],
    ['search', ['analytics-events', 'audit-logs']],
  ] as const)('of %s reads its topics in its own group, and writes dead letters', (name, reads) => {
    expect(topics(name, 'ReadData')).toEqual([OWN(name), ...reads]);
    expect(topics(name, 'WriteData')).toEqual([OWN(name), 'dead-letter-queue']);
    expect(topics(name, 'CreateTopic')).toEqual([OWN(name)]);
    expect(allowed(rightsOfConnector(name), 'kafka-cluster:AlterGroup', /:group\/CLUSTER\/(.+)$/)).toEqual([
      '__amazon_msk_connect_*',
      `connect-qr-prod-${name}`,
    ]);
  });

  it('of the outbox writes to the topics of the catalog, and makes the one of its heartbeats', () => {
    expect(topics('outbox', 'ReadData')).toEqual([OWN('outbox')]);
    expect(topics('outbox', 'WriteData')).toEqual([OWN('outbox'), '__debezium-heartbeat.qr', ...TOPIC_NAMES].sort());
    expect(topics('outbox', 'CreateTopic')).toEqual([OWN('outbox'), '__debezium-heartbeat.qr'].sort());
  });

  it.each([
    ['ledger', 'database'],
    ['outbox', 'database'],
    ['rollups', 'database'],
    ['search', 'search'],
  ] as const)('of %s reads the secret of the %s and no other', (name, which) => {
    expect(allowed(rightsOfConnector(name), 'secretsmanager:GetSecretValue', /(.+)/)).toEqual([
      place?.[which]?.secretArn,
    ]);
  });
});

/** How many resources of each type a stack has. */
const byType = (stack: Stack): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values<{ Type: string }>(Template.fromStack(stack).toJSON().Resources)) {
    const kind = Type.split('::').at(-1) ?? '';
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
};

describe('an environment', () => {
  const made = (change: Pick<ConnectPlace, 'connectors'>) => {
    const whole: Environment = withEverything(environment('dev'));
    if (whole.connect === undefined) throw new Error('it has connectors');
    return () => deployment(newApp(), { ...whole, connect: { ...whole.connect, ...change } }, noCode, noImage, SOURCES);
  };

  it('can take a connector away for a while, with its alarms, and keep its log, its role and its groups', () => {
    const rollups = { mcus: 1, workers: { least: 1, most: 1 } } as const;
    const { connect: there, observability: watched } = made({ connectors: { rollups } })();
    const { connect: away, observability: unwatched } = made({
      connectors: { rollups: { ...rollups, isAway: true } },
    })();
    if (there === undefined || away === undefined) throw new Error('it has connectors');
    const { Connector: gone, ...kept } = byType(there);
    expect(gone).toBe(1);
    expect(byType(away)).toEqual(kept);
    const alarmed = (stack: Stack) => JSON.stringify(Template.fromStack(stack).toJSON()).includes('rollups');
    expect([watched, unwatched].map(alarmed)).toEqual([true, false]);
  });

  it('cannot name a connector that has no file', () => {
    expect(made({ connectors: { rolups: { mcus: 1, workers: { least: 1, most: 1 } } } })).toThrow(
      'There is no file connect/rolups.json.',
    );
  });

  it('cannot give a source more workers than its one slot has readers', () => {
    expect(made({ connectors: { outbox: { mcus: 1, workers: { least: 1, most: 2 } } } })).toThrow('reads by one slot');
  });
});
