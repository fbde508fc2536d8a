import { inflateSync } from 'node:zlib';
import { PermanentError } from '../errors.ts';

/**
 * What a registry calls a schema: a number in a Confluent-compatible registry, the UUID of a schema version in AWS Glue.
 * Either kind has a frame of its own, so that a value says by itself which registry wrote it.
 */
export type SchemaId = number | string;

/** Confluent's wire format: a zero byte, the schema's id in 4 bytes, big endian, then Avro's binary encoding. */
const CONFLUENT = { magic: 0, headerBytes: 5 } as const;

/**
 * AWS Glue's: version 3, compression (0 none, 5 zlib), the version's UUID in 16 bytes, then Avro's binary encoding.
 * https://github.com/awslabs/aws-glue-schema-registry (SerializationDataEncoder, AWSSchemaRegistryConstants)
 */
const GLUE = { version: 3, plain: 0, zlib: 5, headerBytes: 18 } as const;

/** A value may unfold to so much: more than Kafka carries is no record of ours, but an attack on our memory. */
const INFLATED_BYTES = 16 * 1024 * 1024;

/** @param body Avro's binary encoding of the value */
export const framed = (schemaId: SchemaId, body: Buffer): Buffer =>
  Buffer.concat([typeof schemaId === 'number' ? confluentHeader(schemaId) : glueHeader(schemaId), body]);

const confluentHeader = (schemaId: number): Buffer => {
  const header = Buffer.alloc(CONFLUENT.headerBytes);
  header.writeUInt8(CONFLUENT.magic, 0);
  header.writeUInt32BE(schemaId, 1);
  return header;
};

const glueHeader = (versionId: string): Buffer =>
  Buffer.concat([Buffer.from([GLUE.version, GLUE.plain]), Buffer.from(versionId.replaceAll('-', ''), 'hex')]);

/** Whether a value begins with a registry's frame. */
export const isFramed = (value: Buffer): boolean =>
  (value[0] === CONFLUENT.magic && value.length >= CONFLUENT.headerBytes) ||
  (value[0] === GLUE.version &&
    value.length >= GLUE.headerBytes &&
    (value[1] === GLUE.plain || value[1] === GLUE.zlib));

/**
 * Takes a framed value apart.
 *
 * @throws PermanentError UNDECODABLE when the value has no such frame
 */
export const unframed = (value: Buffer): { readonly schemaId: SchemaId; readonly body: Buffer } => {
  if (value[0] === CONFLUENT.magic && value.length >= CONFLUENT.headerBytes) {
    return { schemaId: value.readUInt32BE(1), body: value.subarray(CONFLUENT.headerBytes) };
  }
  if (value[0] === GLUE.version && value.length >= GLUE.headerBytes) {
    return { schemaId: uuidOf(value.subarray(2, GLUE.headerBytes)), body: glueBody(value) };
  }
  throw new PermanentError(
    'UNDECODABLE',
    `The value is neither framed Avro nor JSON: ${value.length} bytes that begin with ${beginning(value)}.`,
  );
};

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const glueBody = (value: Buffer): Buffer => {
  const body = value.subarray(GLUE.headerBytes);
  if (value[1] === GLUE.plain) return body;
  try {
    if (value[1] === GLUE.zlib) return inflateSync(body, { maxOutputLength: INFLATED_BYTES });
  } catch (error) {
    throw new PermanentError('UNDECODABLE', 'The value is compressed and cannot be unfolded.', { cause: error });
  }
  throw new PermanentError('UNDECODABLE', `The value is compressed in a way nobody documents (${value[1]}).`);
};

const beginning = (value: Buffer): string =>
  value.length === 0 ? 'nothing' : `0x${value.subarray(0, 8).toString('hex')}`;
