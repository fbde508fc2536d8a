import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { deflateRaw } from 'node:zlib';
import avro, { type Schema, type Type } from 'avsc';

/**
 * What a backup holds lies in Avro object container files (Avro specification, "Object Container Files"): compressed in
 * blocks, with their schema inside, so that every Avro tool reads them without this project.
 */

/** A record of a topic. */
export interface StoredRecord {
  readonly offset: number;
  /** Milliseconds since 1970; a bigint where a number could not hold it. */
  readonly timestamp: number | bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In order; a name may repeat. */
  readonly headers: readonly { readonly name: string; readonly value: Buffer | null }[];
  /**
   * Why this is no record but a batch that cannot be decoded: its bytes are the value, and its offset is that of its last
   * record. Null of a record; absent in backups of before there was such a thing.
   */
  readonly undecodable?: string | null;
}

/** A piece of an object of the bucket; the pieces of one follow each other. */
export interface StoredPiece {
  readonly key: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly isLast: boolean;
  readonly body: Buffer;
}

/** What a container holds: entries of one type. */
export interface Kind<Entry> {
  readonly type: Type;
  /** Bytes of an entry, about. */
  readonly size: (entry: Entry) => number;
}

const bytesOrNull = ['null', 'bytes'];

/** Avro's long as a number where that is exact, and as a bigint beyond: a producer may write any 64 bits as a time. */
const LONG = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer): number | bigint => {
    const long = bytes.readBigInt64LE();
    return Number.isSafeInteger(Number(long)) ? Number(long) : long;
  },
  toBuffer: (long: number | bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(long));
    return bytes;
  },
  fromJSON: Number,
  toJSON: Number,
  isValid: (long: unknown): boolean => typeof long === 'bigint' || Number.isSafeInteger(long),
  compare: (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0),
});
/** A registry of its own for each schema: avsc adds the names that it meets. */
const withLongs = () => ({ registry: { long: LONG } });

/** What a record and a header have around their content at most, in a batch of Kafka's as well: numbers of up to ten bytes. */
const RECORD_BYTES = 36;
const HEADER_BYTES = 10;
const utf8Bytes = (text: string): number => Buffer.byteLength(text);

interface Field {
  readonly name: string;
  readonly type: Schema;
}

const RECORD_FIELDS: readonly Field[] = [
  { name: 'offset', type: 'long' },
  { name: 'timestamp', type: 'long' },
  { name: 'key', type: bytesOrNull },
  { name: 'value', type: bytesOrNull },
  {
    name: 'headers',
    type: {
      type: 'array',
      items: {
        type: 'record',
        name: 'Header',
        fields: [
          { name: 'name', type: 'string' },
          { name: 'value', type: bytesOrNull },
        ],
      },
    },
  },
];
const recordType = (...more: readonly Field[]): Type =>
  avro.Type.forSchema(
    { type: 'record', name: 'Record', namespace: 'io.qrsaas.backup', fields: [...RECORD_FIELDS, ...more] },
    withLongs(),
  );

/** What tells one record from another: the same bytes in backups of every version. */
export const RECORD_IDENTITY: Type = recordType();

export const RECORDS: Kind<StoredRecord> = {
  type: recordType({ name: 'undecodable', type: ['null', 'string'] }),
  size: ({ key, value, headers }) =>
    RECORD_BYTES +
    (key?.length ?? 0) +
    (value?.length ?? 0) +
    headers.reduce((sum, { name, value: content }) => sum + HEADER_BYTES + utf8Bytes(name) + (content?.length ?? 0), 0),
};

export const PIECES: Kind<StoredPiece> = {
  type: avro.Type.forSchema({
    type: 'record',
    name: 'Piece',
    namespace: 'io.qrsaas.backup',
    fields: [
      { name: 'key', type: 'string' },
      { name: 'contentType', type: 'string' },
      { name: 'metadata', type: { type: 'map', values: 'string' } },
      { name: 'isLast', type: 'boolean' },
      { name: 'body', type: 'bytes' },
    ],
  }),
  size: ({ key, body }) => 64 + key.length + body.length,
};

const BLOCK_BYTES = 256 * 1024;
/** Records of JSON and Avro shrink by little more at 6, the default, which takes half as long again. */
const LEVEL = 4;

const codecs = {
  deflate: (block: Buffer, done: (error: Error | null, result: Buffer) => void) =>
    deflateRaw(block, { level: LEVEL }, done),
};

/** The container of these entries, compressed. */
export const encodeSegment = async <Entry>({ type }: Kind<Entry>, entries: readonly Entry[]): Promise<Buffer> => {
  const encoder = new avro.streams.BlockEncoder(type, {
    codec: 'deflate',
    codecs,
    blockSize: BLOCK_BYTES,
    writeHeader: 'always',
  });
  const source = Readable.from(entries);
  source.pipe(encoder);
  const chunks: Buffer[] = [];
  for await (const chunk of encoder) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/**
 * The entries of a container, in order.
 *
 * @throws the decoder's error when the bytes are no such container
 */
export async function* decodeSegment<Entry>(_kind: Kind<Entry>, bytes: Buffer): AsyncGenerator<Entry> {
  const decoder = new avro.streams.BlockDecoder({ parseHook: (schema) => avro.Type.forSchema(schema, withLongs()) });
  decoder.end(bytes);
  for await (const entry of decoder) yield entry;
}

/** SHA-256 in hexadecimal. */
export const checksumOf = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
