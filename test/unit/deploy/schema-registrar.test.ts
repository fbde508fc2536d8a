import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { schemaRegistrar } from '../../../lib/deploy/schema-registrar.ts';
import { openGlueRegistry } from '../../../lib/events/glue-registry.ts';
import { SUBJECTS, schemaTextOf } from '../../../lib/events/index.ts';
import { type Answers, clientOf } from '../../support/glue-client.ts';

const VERSION = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
const AVAILABLE = { SchemaVersionId: VERSION, Status: 'AVAILABLE' };

interface Answer {
  readonly method: string | undefined;
  readonly type: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The bucket of CloudFormation that takes answers. */
const answers: Answer[] = [];
let status = 200;
const bucket = createServer(async (request, response) => {
  const { method, headers } = request;
  answers.push({ method, type: headers['content-type'], body: JSON.parse(await text(request)) });
  response.writeHead(status).end();
});
let url = '';

beforeAll(async () => {
  bucket.listen(0, '127.0.0.1');
  await once(bucket, 'listening');
  const address = bucket.address();
  if (typeof address === 'object' && address !== null) url = `http://127.0.0.1:${address.port}/answer?signed=yes`;
});
afterAll(() => {
  bucket.closeAllConnections();
  bucket.close();
});
beforeEach(() => {
  answers.length = 0;
  status = 200;
  vi.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => vi.restoreAllMocks());

const eventOf = (kind: 'create' | 'update' | 'delete'): CloudFormationCustomResourceEvent => ({
  ...JSON.parse(readFileSync(new URL(`../../events/custom-resource-${kind}.json`, import.meta.url), 'utf8')),
  ResponseURL: url,
});

/** Lets the function do its work against a Glue that answers by the table; tells what it answered, and asked for. */
const run = async (event: CloudFormationCustomResourceEvent, table: Answers) => {
  const { client, asked } = clientOf(table);
  const opened: string[] = [];
  await schemaRegistrar((registry) => {
    opened.push(registry);
    return openGlueRegistry(registry, client);
  })(event);
  return { asked, opened };
};

describe('the function that registers schemas while they are deployed', () => {
  it('makes every schema in a new registry, and says that it went well', async () => {
    const event = eventOf('create');
    const made = new Map<unknown, unknown>();
    const { opened } = await run(event, {
      RegisterSchemaVersion: () => 'EntityNotFoundException',
      CreateSchema: ({ SchemaName, SchemaDefinition, Compatibility }) => {
        expect(Compatibility).toBe('BACKWARD');
        made.set(SchemaName, SchemaDefinition);
        return { SchemaVersionId: VERSION, SchemaVersionStatus: 'AVAILABLE' };
      },
    });
    expect(opened).toEqual(['qr-dev']);
    expect(made).toEqual(new Map(SUBJECTS.map(({ subject, type }) => [subject, schemaTextOf(type)])));
    const { StackId, RequestId, LogicalResourceId } = event;
    const body = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'Schemas', Status: 'SUCCESS' };
    // The address is signed for an answer without a content type.
    expect(answers).toEqual([{ method: 'PUT', type: undefined, body }]);
  });

  it('gives known schemas a version each when they change, and stays the same resource', async () => {
    const { asked } = await run(eventOf('update'), { RegisterSchemaVersion: () => AVAILABLE });
    expect(asked).toEqual(SUBJECTS.map(() => 'RegisterSchemaVersion'));
    expect(answers[0]?.body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Schemas' });
  });

  it('fails the deployment by one sentence when a schema breaks readers of the version before', async () => {
    const [{ subject } = { subject: '' }] = SUBJECTS;
    await run(eventOf('update'), {
      RegisterSchemaVersion: ({ SchemaId }) =>
        JSON.stringify(SchemaId).includes(`"${subject}"`) ? { SchemaVersionId: VERSION, Status: 'PENDING' } : AVAILABLE,
      GetSchemaVersion: () => ({ SchemaVersionId: VERSION, Status: 'FAILURE' }),
    });
    expect(answers.map(({ body }) => body)).toEqual([
      expect.objectContaining({
        Status: 'FAILED',
        PhysicalResourceId: 'Schemas',
        Reason: `AWS Glue refuses the schema of ${subject}: it breaks readers of the version before. Give new fields a default, and neither remove nor retype fields without one.`,
      }),
    ]);
  });

  it('says so as well when Glue does not answer, and when there is no registry', async () => {
    await run(eventOf('create'), { RegisterSchemaVersion: () => 'AccessDeniedException' });
    await run({ ...eventOf('create'), ResourceProperties: { ServiceToken: 'arn' } }, {});
    expect(answers.map(({ body }) => [body.Status, body.Reason])).toEqual([
      ['FAILED', expect.stringMatching(/^The Glue registry qr-dev does not answer: AccessDeniedException/)],
      ['FAILED', expect.stringMatching(/^The deployment does not say which registry/)],
    ]);
    for (const { body } of answers) expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(4_096);
  });

  it('leaves the schemas when the stack is deleted', async () => {
    const { asked, opened } = await run(eventOf('delete'), {});
    expect([asked, opened]).toEqual([[], []]);
    expect(answers[0]?.body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Schemas' });
  });

  it('fails itself, so that Lambda calls again, when its answer does not get through', async () => {
    status = 503;
    await expect(run(eventOf('delete'), {})).rejects.toMatchObject({ code: 'SERVICE_FAILED' });
  });
});
