// For every project that sees this module, whatever it includes.
/// <reference path="./kafkajs-internals.d.ts" />
import { setImmediate as turn } from 'node:timers/promises';
import crc32c from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
import { messageOf } from '../errors.ts';
import { CODECS } from './codecs.ts';
import { Cursor, tooShort } from './cursor.ts';
import type { KafkaRecord, TimestampType } from './record.ts';

/** https://kafka.apache.org/documentation/#recordbatch: where the fields of a batch lie, bytes from its beginning. */
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
const OFFSET_BYTES = 8;
/** So far all formats of batches agree. */
const COMMON_BYTES = 17;
export const MAGIC = 2;
const CODEC = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** Records decoded before whatever else waits in this process has its turn. */
const RECORDS_A_TURN = 5_000;
/** A batch holds no more: a megabyte of gzip can be made to hold a hundred million, each of them an object in memory. */
export const MAX_RECORDS = 2_000_000;

/** A batch whose records are not decoded yet. */
export interface RawBatch {
  readonly firstOffset: number;
  /** Of the batch as it was written: compaction may have taken the record. */
  readonly lastOffset: number;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  /** It holds the marker of a transaction's end, which is not for consumers. */
  readonly isControl: boolean;
  readonly bytes: Buffer;
}

/**
 * The batches of an answer, in order. The last may be cut off: brokers count bytes, not batches.
 *
 * @param end the offset behind the last record that there can be: a damaged batch may claim to reach further
 * @throws RangeError when the bytes are no batches at all
 */
export function* batchesIn(bytes: Buffer, end: number): Generator<RawBatch> {
  for (let at = 0; at + COMMON_BYTES <= bytes.length; ) {
    const size = PREFIX_BYTES + bytes.readInt32BE(at + AT.size);
    if (size < COMMON_BYTES) throw new RangeError(`a batch of ${size} bytes`);
    if (at + size > bytes.length) return;
    const batch = headOf(bytes.subarray(at, at + size));
    at += size;
    const next = at + OFFSET_BYTES <= bytes.length ? Number(bytes.readBigInt64BE(at)) : end;
    yield { ...batch, lastOffset: Math.max(batch.firstOffset, Math.min(batch.lastOffset, next - 1)) };
  }
}

const isOfThisFormat = (bytes: Buffer): boolean => bytes.length >= HEADER_BYTES && bytes.readInt8(AT.magic) === MAGIC;

export const headOf = (bytes: Buffer): RawBatch => {
  const firstOffset = Number(bytes.readBigInt64BE(0));
  // Of other formats, the offset before them is that of their last record.
  if (!isOfThisFormat(bytes)) {
    return { bytes, firstOffset, lastOffset: firstOffset, producerId: -1n, isTransactional: false, isControl: false };
  }
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

/** The records of a batch; one that stands for all of it where it cannot be decoded ({@link KafkaRecord.undecodable}). */
export const recordsOf = async (batch: RawBatch): Promise<readonly KafkaRecord[]> => {
  try {
    return await decode(batch);
  } catch (error) {
    return [undecodable(batch, messageOf(error))];
  }
};

const undecodable = ({ bytes, firstOffset, lastOffset }: RawBatch, why: string): KafkaRecord => {
  const isKnown = isOfThisFormat(bytes);
  const isAppended = isKnown && (bytes.readInt16BE(AT.attributes) & LOG_APPEND_TIME) !== 0;
  return {
    offset: lastOffset,
    timestamp: isKnown ? bytes.readBigInt64BE(AT.maxTime) : -1n,
    timestampType: isAppended ? 'LOG_APPEND_TIME' : 'CREATE_TIME',
    key: null,
    value: bytes,
    headers: [],
    undecodable: {
      firstOffset,
      reason: `The batch with the offsets ${firstOffset} to ${lastOffset} cannot be decoded: ${why}.`,
    },
  };
};

/** Whether the bytes of a batch are those that were written: their checksum says so. */
export const isIntact = (bytes: Buffer): boolean =>
  crc32c(bytes.subarray(AT.attributes)) === bytes.readUInt32BE(AT.crc);

const decode = async ({ bytes, firstOffset }: RawBatch): Promise<readonly KafkaRecord[]> => {
  const magic = bytes.readInt8(AT.magic);
  if (magic !== MAGIC) throw new RangeError(`its format is ${magic}, which Kafka wrote before 0.11`);
  if (bytes.length < HEADER_BYTES) throw tooShort();
  if (!isIntact(bytes)) throw new RangeError('its checksum is wrong, so its bytes are not those that were written');
  const attributes = bytes.readInt16BE(AT.attributes);
  const count = bytes.readInt32BE(AT.count);
  const codec = CODECS.get(attributes & CODEC);
  if (codec === undefined && (attributes & CODEC) !== 0) throw new RangeError(`its codec is ${attributes & CODEC}`);
  if (count > MAX_RECORDS) throw new RangeError(`it holds ${count} records, more than ${MAX_RECORDS}`);
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
