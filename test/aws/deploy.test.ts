import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, ListStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTotals } from '../../handlers/analytics-events/analytics-state.ts';
import { deployedNames, environment } from '../../lib/catalog/index.ts';
import { eventOf, openCodec, openRegistry, SUBJECTS } from '../../lib/events/index.ts';
import { bundledCode } from '../../lib/infra/code.ts';
import { NetworkStack } from '../../lib/infra/stacks/network.ts';
import { ObservabilityStack } from '../../lib/infra/stacks/observability.ts';
import { SchemasStack } from '../../lib/infra/stacks/schemas.ts';
import { StorageStack } from '../../lib/infra/stacks/storage.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { glueServer } from '../support/glue-server.ts';
import { testStack } from '../support/stack.ts';
import { inPlainWords } from './emulator/alarms.ts';
import { cdkAgainst, WHERE } from './emulator/cdk.ts';
import { changeTemplate, type EmulatedTemplate, leaveOutRefused } from './emulator/emulated.ts';
import { CALLED, EmulatedConsumersStack } from './emulator/stacks.ts';

const DEV = environment('dev');
const STACKS = ['network', 'storage', 'schemas', 'consumers', 'observability'] as const;
const VERSION = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
const { settings } = testStack();
const folder = mkdtempSync(join(tmpdir(), 'qr-aws-'));
const endpoint = settings.awsEndpoint ?? '';
const cdk = cdkAgainst(endpoint);
/** Lambda API reference, Invoke and DeleteFunction. The project has no client of Lambda, nor another use for one. */
const FUNCTION_URL = `${endpoint}/2015-03-31/functions/${deployedNames(DEV.name).function(CALLED.name)}`;
/** How Glue finds each version: the emulator has no schema registry, so one of the test stands in. */
let found = 'AVAILABLE';
const glue = await glueServer(() => ({ RegisterSchemaVersion: () => ({ SchemaVersionId: VERSION, Status: found }) }));

/** Sends the function that registers schemas to the Glue of the test. */
const toGlue = ({ Resources }: EmulatedTemplate): void => {
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type === 'AWS::Lambda::Function' && Properties !== undefined) {
      Properties.Environment = { Variables: { AWS_ENDPOINT_URL_GLUE: glue.url } };
    }
  }
};

const deploy = (...words: readonly string[]) =>
  cdk('deploy', ...words, '--app', folder, '--require-approval', 'never', '--progress', 'events', '--concurrency', '3');

const left: string[] = [];
let alarms = 0;

beforeAll(async () => {
  process.env.CDK_VALIDATION = 'false';
  const app = new App({ context, outdir: folder });
  const code = await bundledCode();
  const network = new NetworkStack(app, DEV);
  new StorageStack(app, DEV);
  const schemas = new SchemasStack(app, DEV, code);
  const consumers = new EmulatedConsumersStack(app, DEV, network, code, settings);
  consumers.addStackDependency(schemas);
  new ObservabilityStack(app, DEV).addStackDependency(consumers);
  app.synth();
  alarms = changeTemplate(folder, 'observability', inPlainWords);
  for (const stack of STACKS) left.push(...changeTemplate(folder, stack, leaveOutRefused));
  changeTemplate(folder, 'schemas', toGlue);
});

afterAll(() => {
  glue.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the emulator of AWS, by the command line of CDK', () => {
  it('is prepared, and gets all but what it knows no handler for', async () => {
    const prepared = await cdk('bootstrap', WHERE, '--app', folder);
    expect(prepared.code, prepared.out + prepared.err).toBe(0);
    const deployed = await deploy('--all');
    expect(deployed.code, deployed.out + deployed.err).toBe(0);
    expect([...new Set(left)].sort()).toEqual([
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::CompositeAlarm',
      'AWS::EC2::EIP',
      'AWS::EC2::FlowLog',
      'AWS::EC2::NatGateway',
      'AWS::EC2::Route',
      'AWS::EC2::SecurityGroupEgress',
      'AWS::EC2::SecurityGroupIngress',
      'AWS::Glue::Registry',
    ]);
  });

  it('has every alarm of one metric, the dashboard and the way to the on-call', async () => {
    const types: string[] = [];
    const pages = paginateListStackResources(
      { client: new CloudFormationClient() },
      { StackName: 'qr-dev-observability' },
    );
    for await (const { StackResourceSummaries = [] } of pages) {
      types.push(...StackResourceSummaries.map(({ ResourceType = '' }) => ResourceType));
    }
    expect(types.filter((type) => type === 'AWS::CloudWatch::Alarm')).toHaveLength(alarms);
    expect(alarms).toBeGreaterThan(90);
    expect(types).toEqual(expect.arrayContaining(['AWS::CloudWatch::Dashboard', 'AWS::SNS::Subscription']));
  });

  it('has had the deployed function register every schema', () => {
    expect(glue.asked).toEqual(SUBJECTS.map(() => 'RegisterSchemaVersion'));
  });

  it('runs the deployed function: a scan that MSK would hand to it is counted in Redis', async () => {
    const userId = randomUUID();
    const scan = eventOf('qr.scanned', { qrId: randomUUID(), userId, action: 'scan' }, { source: 'test' });
    const value = await openCodec(openRegistry(settings)).encode(scan);
    const sample = JSON.parse(readFileSync(new URL('../events/msk.json', import.meta.url), 'utf8'));
    const [record] = Object.values<Record<string, unknown>[]>(sample.records).flat();
    const event = {
      ...sample,
      records: {
        [`${CALLED.name}-0`]: [
          {
            ...record,
            topic: CALLED.name,
            key: Buffer.from(userId).toString('base64'),
            value: value.toString('base64'),
          },
        ],
      },
    };
    const answer = await fetch(`${FUNCTION_URL}/invocations`, {
      method: 'POST',
      body: JSON.stringify(event),
    });
    const said = await answer.text();
    expect(answer.headers.get('x-amz-function-error'), said).toBeNull();
    expect(JSON.parse(said)).toEqual({ batchItemFailures: [] });
    const redis = openRedis(settings);
    try {
      expect(await readTotals(redis, { kind: 'user', id: userId })).toMatchObject({ scans: 1 });
    } finally {
      redis.disconnect();
    }
  });

  it('does not get a schema that breaks readers: the deployment fails by that sentence', async () => {
    found = 'FAILURE';
    changeTemplate(folder, 'schemas', ({ Resources }) => {
      for (const { Type, Properties = {} } of Object.values(Resources)) {
        if (Type === 'Custom::Schemas') Properties.Digest = 'of other schemas';
      }
    });
    const { code, out, err } = await deploy('schemas');
    expect(code).not.toBe(0);
    expect(out + err).toMatch(/AWS Glue refuses the schema of \S+: it breaks readers of the version before/);
  });

  it('is left without stacks when they are destroyed', async () => {
    // The emulator ends the process of a function only when the function itself is deleted, not with its stack.
    expect((await fetch(FUNCTION_URL, { method: 'DELETE' })).status).toBe(204);
    const { code, out, err } = await cdk('destroy', '--all', '--force', '--app', folder);
    expect(code, out + err).toBe(0);
    const { StackSummaries = [] } = await new CloudFormationClient().send(new ListStacksCommand());
    const there = StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
    expect(there.map(({ StackName }) => StackName)).toEqual(['CDKToolkit']);
  });
});
