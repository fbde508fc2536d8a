import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { framed, unframed } from '../../../lib/events/framing.ts';
import { openGlueRegistry } from '../../../lib/events/glue-registry.ts';
import { eventOf, openCodec, openRegistry, SUBJECTS, schemaTextOf } from '../../../lib/events/index.ts';
import { avroTypeOf } from '../../../lib/events/validation.ts';
import { type Answers, clientOf } from '../../support/glue-client.ts';

/** The documented bytes: version 3, compression 0, the UUID of the schema version. */
const VERSION = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
const UUID_BYTES = [0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f, 0x60, 0x71, 0x82, 0x93, 0xa4, 0xb5, 0xc6, 0xd7, 0xe8, 0xf9];

const scan = eventOf('qr.scanned', { qrId: 'qr-1', userId: 'user-1', action: 'scan' }, { source: 'test' });
const scanSchema = schemaTextOf('qr.scanned');
const body = avroTypeOf('qr.scanned').toBuffer(scan);

const recordWith = (value: Buffer) => ({
  ...{ topic: 'analytics-events', partition: 0, offset: 1, timestamp: 0, key: null, headers: [] },
  value,
});

describe('the framing of AWS Glue', () => {
  it('is version, compression and UUID before the value', () => {
    expect([...framed(VERSION, Buffer.from([9]))]).toEqual([3, 0, ...UUID_BYTES, 9]);
  });

  it('is taken apart, plain and compressed', () => {
    const plain = Buffer.from([3, 0, ...UUID_BYTES, 7, 8]);
    expect(unframed(plain)).toEqual({ schemaId: VERSION, body: Buffer.from([7, 8]) });
    const packed = Buffer.concat([Buffer.from([3, 5, ...UUID_BYTES]), deflateSync(Buffer.from([7, 8]))]);
    expect(unframed(packed)).toEqual({ schemaId: VERSION, body: Buffer.from([7, 8]) });
  });

  it.each([
    ['cut short', [3, 0, 1, 2]],
    ['compressed in an unknown way', [3, 9, ...UUID_BYTES, 1]],
    ['compressed and broken', [3, 5, ...UUID_BYTES, 1, 2, 3]],
  ])('refuses what is %s', (_, bytes) => {
    expect(() => unframed(Buffer.from(bytes))).toThrow(expect.objectContaining({ code: 'UNDECODABLE' }));
  });

  it('refuses what would unfold without end', () => {
    const bomb = deflateSync(Buffer.alloc(20 * 1024 * 1024));
    const value = Buffer.concat([Buffer.from([3, 5, ...UUID_BYTES]), bomb]);
    expect(() => unframed(value)).toThrow(expect.objectContaining({ code: 'UNDECODABLE' }));
  });
});

describe('a registry of AWS Glue', () => {
  it('gives the codec versions to write and read by, and is asked once for each', async () => {
    const { client, asked } = clientOf({
      GetSchemaByDefinition: ({ SchemaDefinition }) =>
        SchemaDefinition === scanSchema ? { SchemaVersionId: VERSION, Status: 'AVAILABLE' } : 'EntityNotFoundException',
      GetSchemaVersion: () => ({ SchemaVersionId: VERSION, SchemaDefinition: scanSchema, Status: 'AVAILABLE' }),
    });
    const codec = openCodec(openGlueRegistry('qr-test', client));
    for (let times = 0; times < 3; times += 1) {
      const value = await codec.encode(scan);
      expect(value).toEqual(Buffer.concat([Buffer.from([3, 0, ...UUID_BYTES]), body]));
      expect(await codec.decode(recordWith(value))).toEqual(scan);
    }
    expect(asked).toEqual(['GetSchemaByDefinition', 'GetSchemaVersion']);
  });

  it('creates a schema with compatibility BACKWARD, and waits for the check of a further version', async () => {
    const created: unknown[] = [];
    let looks = 0;
    const { client } = clientOf({
      RegisterSchemaVersion: () =>
        created.length === 0 ? 'EntityNotFoundException' : { SchemaVersionId: VERSION, Status: 'PENDING' },
      CreateSchema: (request) => {
        created.push(request);
        return { SchemaVersionId: VERSION, SchemaVersionStatus: 'AVAILABLE' };
      },
      GetSchemaVersion: () => {
        looks += 1;
        return { SchemaVersionId: VERSION, Status: looks < 2 ? 'PENDING' : 'AVAILABLE' };
      },
    });
    const [{ subject } = { subject: '' }] = SUBJECTS;
    expect(await openGlueRegistry('qr-test', client).register(subject, scanSchema)).toBe(VERSION);
    expect(created).toEqual([
      {
        RegistryId: { RegistryName: 'qr-test' },
        SchemaName: subject,
        DataFormat: 'AVRO',
        Compatibility: 'BACKWARD',
        SchemaDefinition: scanSchema,
      },
    ]);
    expect(await openGlueRegistry('qr-test', client).register(subject, scanSchema)).toBe(VERSION);
    expect(looks).toBe(2);
  });

  it.each([
    ['SCHEMA_INCOMPATIBLE', { RegisterSchemaVersion: () => ({ SchemaVersionId: VERSION, Status: 'FAILURE' }) }],
    ['REGISTRY_UNAVAILABLE', { RegisterSchemaVersion: () => 'AccessDeniedException' }],
    [
      'NOT_FOUND',
      { RegisterSchemaVersion: () => 'EntityNotFoundException', CreateSchema: () => 'EntityNotFoundException' },
    ],
  ] satisfies [string, Answers][])('says %s when that is so', async (code, answers) => {
    const { client } = clientOf(answers);
    await expect(openGlueRegistry('qr-test', client).register('s', scanSchema)).rejects.toMatchObject({ code });
  });

  it('lists the versions that can be used, oldest first, page by page, and none of an unknown subject', async () => {
    const page = (NextToken: string | undefined, ...Schemas: readonly object[]) => ({ NextToken, Schemas });
    const { client } = clientOf({
      ListSchemaVersions: ({ SchemaId, NextToken }) => {
        if (!JSON.stringify(SchemaId).includes('"known"')) return 'EntityNotFoundException';
        return NextToken === undefined
          ? page('more', { VersionNumber: 3, SchemaVersionId: VERSION, Status: 'AVAILABLE' })
          : page(
              undefined,
              { VersionNumber: 2, SchemaVersionId: 'refused', Status: 'FAILURE' },
              { VersionNumber: 1, SchemaVersionId: 'first', Status: 'AVAILABLE' },
            );
      },
    });
    const registry = openGlueRegistry('qr-test', client);
    expect(await registry.versions('known')).toEqual([
      { version: 1, id: 'first' },
      { version: 3, id: VERSION },
    ]);
    expect(await registry.versions('unknown')).toEqual([]);
  });

  it('tells a subject’s compatibility, and BACKWARD of one that is to be created', async () => {
    const { client } = clientOf({
      GetSchema: ({ SchemaId }) =>
        JSON.stringify(SchemaId).includes('"known"') ? { Compatibility: 'FULL_ALL' } : 'EntityNotFoundException',
    });
    const registry = openGlueRegistry('qr-test', client);
    expect(await registry.compatibility('known')).toBe('FULL_ALL');
    expect(await registry.compatibility('other')).toBe('BACKWARD');
  });

  it('does not know schemas of other registries, and says so once for a while', async () => {
    const { client, asked } = clientOf({ GetSchemaVersion: () => 'EntityNotFoundException' });
    const registry = openGlueRegistry('qr-test', client);
    await expect(registry.schema(VERSION)).rejects.toMatchObject({ code: 'SCHEMA_UNKNOWN' });
    await expect(registry.schema(VERSION)).rejects.toMatchObject({ code: 'SCHEMA_UNKNOWN' });
    await expect(registry.schema(7)).rejects.toMatchObject({ code: 'SCHEMA_UNKNOWN' });
    expect(asked).toEqual(['GetSchemaVersion']);
    await expect(openRegistry({ registryUrl: 'http://127.0.0.1:1' }).schema(VERSION)).rejects.toMatchObject({
      code: 'SCHEMA_UNKNOWN',
    });
  });
});
