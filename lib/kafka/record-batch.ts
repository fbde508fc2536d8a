import { setImmediate as turn } from 'node:timers/promises';
import { CODECS } from './codecs.ts';
import { Cursor } from './cursor.ts';
import type { KafkaRecord, TimestampType } from './record.ts';

/** https://kafka.apache.org/documentation/#recordbatch: the places of a batch's fields, bytes from its beginning. */
export const AT = {
  size: 8,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastDelta: 23,
  time: 27,
  maxTime: 35,
  producer: 43,
  count: 57,
};
export const HEADER_BYTES = 61;
/** Offset and size of a batch, before what the size counts. */
export const PREFIX_BYTES = 12;
export const MAGIC = 2;
const CODEC = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** Records decoded before whatever else waits in this process has its turn. */
const RECORDS_A_TURN = 5_000;

/** The head of a batch. */
export interface BatchHead {
  readonly firstOffset: number;
  /** Of the batch as it was written: compaction may have taken the record. */
  readonly lastOffset: number;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  /** It holds the marker of a transaction's end, which is not for consumers. */
  readonly isControl: boolean;
}

/** A batch whose records are not decoded yet. */
export interface RawBatch extends BatchHead {
  readonly bytes: Buffer;
}

/** A batch that cannot be read, and where it lies. */
export class UndecodableBatch extends Error {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly bytes: Buffer;

  constructor({ firstOffset, lastOffset, bytes }: RawBatch, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`The batch with the offsets ${firstOffset} to ${lastOffset} cannot be read: ${why}`, { cause });
    this.firstOffset = firstOffset;
    this.lastOffset = lastOffset;
    this.bytes = bytes;
  }
}

/** The batches of an answer, in order. The last may be cut off: brokers count bytes, not batches. */
export function* batchesIn(bytes: Buffer): Generator<RawBatch> {
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const size = PREFIX_BYTES + bytes.readInt32BE(at + AT.size);
    if (size < HEADER_BYTES) throw new RangeError(`a batch of ${size} bytes`);
    if (at + size > bytes.length) return;
    yield headOf(bytes.subarray(at, at + size));
    at += size;
  }
}

/** @throws RangeError for a format of before 0.11 */
export const headOf = (bytes: Buffer): RawBatch => {
  const magic = bytes.readInt8(AT.magic);
  if (magic !== MAGIC) throw new RangeError(`records in format ${magic}, which Kafka wrote before 0.11`);
  const firstOffset = Number(bytes.readBigInt64BE(0));
  const attributes = bytes.readInt16BE(AT.attributes);
  return {
    bytes,
    firstOffset,
    lastOffset: firstOffset + bytes.readInt32BE(AT.lastDelta),
    producerId: bytes.readBigInt64BE(AT.producer),
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
  };
};

/**
 * The records of a batch.
 *
 * @throws UndecodableBatch
 */
export const recordsOf = async (batch: RawBatch): Promise<readonly KafkaRecord[]> => {
  try {
    return await decode(batch);
  } catch (error) {
    throw new UndecodableBatch(batch, error);
  }
};

const decode = async ({ bytes, firstOffset }: RawBatch): Promise<readonly KafkaRecord[]> => {
  const attributes = bytes.readInt16BE(AT.attributes);
  const count = bytes.readInt32BE(AT.count);
  const codec = CODECS.get(attributes & CODEC);
  if (codec === undefined && (attributes & CODEC) !== 0) throw new RangeError(`codec ${attributes & CODEC}`);
  const packed = bytes.subarray(HEADER_BYTES);
  // A batch that compaction has emptied has no frame to open.
  if (count <= 0) return [];
  const cursor = new Cursor(codec === undefined ? packed : await codec.open(packed));
  const isAppended = (attributes & LOG_APPEND_TIME) !== 0;
  const timestampType: TimestampType = isAppended ? 'LOG_APPEND_TIME' : 'CREATE_TIME';
  const time = bytes.readBigInt64BE(isAppended ? AT.maxTime : AT.time);
  const records: KafkaRecord[] = [];
  for (let i = 0; i < count; i += 1) {
    if (i > 0 && i % RECORDS_A_TURN === 0) await turn();
    records.push(recordAt(cursor, firstOffset, time, timestampType));
  }
  return records;
};

const recordAt = (cursor: Cursor, firstOffset: number, time: bigint, timestampType: TimestampType): KafkaRecord => {
  const size = cursor.varint();
  const end = cursor.position + size;
  cursor.skip(1); // attributes, of which none is in use
  const delta = cursor.varlong();
  const record = {
    timestamp: timestampType === 'LOG_APPEND_TIME' ? time : BigInt.asIntN(64, time + delta),
    timestampType,
    offset: firstOffset + cursor.varint(),
    key: cursor.bytes(),
    value: cursor.bytes(),
    headers: headersAt(cursor),
  };
  cursor.moveTo(end);
  return record;
};

const headersAt = (cursor: Cursor): KafkaRecord['headers'] => {
  const headers: [string, Buffer | null][] = [];
  for (let left = cursor.varint(); left > 0; left -= 1) {
    headers.push([cursor.bytes()?.toString('utf8') ?? '', cursor.bytes()]);
  }
  return headers;
};
