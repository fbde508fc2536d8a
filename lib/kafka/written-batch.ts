import { promisify } from 'node:util';
import { gzip, type ZlibOptions } from 'node:zlib';
import type { Message } from 'kafkajs';
import crc32c from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
import { bytes, int8, int16, int32, int64 } from './wire.ts';
import { headersWritten } from './written-headers.ts';

/** Who writes, where it matters: idempotent and transactional producers. */
export interface Writer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly isTransactional: boolean;
}

const MAGIC = int8(2);
const TRANSACTIONAL = 0x10;
const packed = promisify<Buffer, ZlibOptions, Buffer>(gzip);
/** Records shrink by little more at 6, the default, which takes half as long again. */
const LEVEL = 4;

/** Compressions that are written here: none and gzip. */
const PACKERS: ReadonlyMap<number, (records: Buffer) => Promise<Buffer>> = new Map([
  [0, async (records: Buffer) => records],
  [1, (records: Buffer) => packed(records, { level: LEVEL })],
]);

/** Records that are packed already, and what the head of their batch says of them. */
export interface PackedRecords {
  /** 0 is none, 1 gzip. */
  readonly codec: number;
  readonly count: number;
  /** Times of the first record and of the latest, ms since 1970; -1 for records without a time. */
  readonly firstTime: bigint;
  readonly latestTime: bigint;
  readonly records: Buffer;
}

/**
 * A batch of records (https://kafka.apache.org/documentation/#recordbatch), with headers in their order and times of 64 bits.
 *
 * @param codec 0 is none, 1 gzip
 * @throws RangeError for another codec
 */
export const batchOf = async (messages: readonly Message[], codec: number, writer: Writer): Promise<Buffer> =>
  sealed(await packedRecords(messages, codec), writer);

/** @throws RangeError for a codec that is not written here */
export const packedRecords = async (messages: readonly Message[], codec: number): Promise<PackedRecords> => {
  const pack = PACKERS.get(codec);
  if (pack === undefined) throw new RangeError(`codec ${codec} is not written here`);
  const now = String(Date.now());
  const times = messages.map(({ timestamp }) => BigInt(timestamp ?? now));
  const firstTime = times[0] ?? 0n;
  const plain = messages.map((message, i) => recordBytes(message, i, (times[i] ?? firstTime) - firstTime));
  return {
    codec,
    count: messages.length,
    firstTime,
    latestTime: times.reduce((latest, time) => (time > latest ? time : latest), firstTime),
    records: await pack(Buffer.concat(plain)),
  };
};

/** The batch of packed records, as one writer sends it. */
export const sealed = (packedBatch: PackedRecords, writer: Writer): Buffer => {
  const { codec, count, firstTime, latestTime, records } = packedBatch;
  const covered = Buffer.concat([
    int16(codec | (writer.isTransactional ? TRANSACTIONAL : 0)),
    int32(count - 1),
    int64(firstTime),
    int64(latestTime),
    int64(writer.producerId),
    int16(writer.producerEpoch),
    int32(writer.firstSequence),
    int32(count),
    records,
  ]);
  const leaderEpoch = int32(-1);
  return Buffer.concat([int64(0n), bytes(Buffer.concat([leaderEpoch, MAGIC, int32(crc32c(covered) | 0), covered]))]);
};

const recordBytes = ({ key, value, headers }: Message, offset: number, delta: bigint): Buffer => {
  const list = headersWritten(headers);
  const parts: Buffer[] = [
    int8(0), // attributes, of which none is in use
    varlong(BigInt.asIntN(64, delta)),
    varlong(BigInt(offset)),
    ...counted(key),
    ...counted(value),
    varlong(BigInt(list.length)),
  ];
  for (const [name, content] of list) parts.push(...counted(name), ...counted(content));
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([varlong(BigInt(size)), ...parts]);
};

const NULL = Buffer.of(1);

const counted = (content: Buffer | string | null | undefined): readonly Buffer[] => {
  if (content === null || content === undefined) return [NULL];
  const plain = typeof content === 'string' ? Buffer.from(content) : content;
  return [varlong(BigInt(plain.length)), plain];
};

/** VARLONG, and VARINT of the same number: zigzag, seven bits a byte. */
const varlong = (value: bigint): Buffer => {
  let left = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  const some: number[] = [];
  for (; left > 0x7fn; left >>= 7n) some.push(Number(left & 0x7fn) | 0x80);
  some.push(Number(left));
  return Buffer.from(some);
};
