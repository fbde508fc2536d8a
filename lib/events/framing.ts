import { PermanentError } from '../errors.ts';

/** Confluent's wire format: a zero byte, the schema's id in 4 bytes, big endian, then Avro's binary encoding. */
const MAGIC = 0;
const HEADER_BYTES = 5;

/** @param body Avro's binary encoding of the value */
export const framed = (schemaId: number, body: Buffer): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(MAGIC, 0);
  header.writeUInt32BE(schemaId, 1);
  return Buffer.concat([header, body]);
};

/**
 * Takes a framed value apart.
 *
 * @throws PermanentError UNDECODABLE when the value has no such frame
 */
export const unframed = (value: Buffer): { readonly schemaId: number; readonly body: Buffer } => {
  if (value.length < HEADER_BYTES || value[0] !== MAGIC) {
    throw new PermanentError(
      'UNDECODABLE',
      `The value is neither framed Avro nor JSON: ${value.length} bytes that begin with ${beginning(value)}.`,
    );
  }
  return { schemaId: value.readUInt32BE(1), body: value.subarray(HEADER_BYTES) };
};

const beginning = (value: Buffer): string =>
  value.length === 0 ? 'nothing' : `0x${value.subarray(0, 8).toString('hex')}`;
