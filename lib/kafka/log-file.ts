import { AT, HEADER_BYTES, headOf, isIntact, MAGIC, PREFIX_BYTES, type RawBatch } from './record-batch.ts';

/** A segment of a log, or a snapshot, as a broker keeps it: batches one after the other. */
export interface LogFile {
  /** Up to the first that is not intact. */
  readonly batches: readonly RawBatch[];
  /** Bytes after these. A write that was cut off leaves some; so does damage. */
  readonly left: number;
  /** Whether there are intact batches behind what is not: that is damage, and no write that was cut off. */
  readonly goesOn: boolean;
}

/** Reads the batches of a file and checks each one’s checksum. */
export const readLogFile = (bytes: Buffer): LogFile => {
  const batches: RawBatch[] = [];
  let at = 0;
  for (let batch = intactAt(bytes, at); batch !== undefined; batch = intactAt(bytes, at)) {
    batches.push(batch);
    at += batch.bytes.length;
  }
  return { batches, left: bytes.length - at, goesOn: isAnyIntact(bytes, at + 1) };
};

const isAnyIntact = (bytes: Buffer, from: number): boolean => {
  for (let at = from; at + HEADER_BYTES <= bytes.length; at += 1) {
    if (intactAt(bytes, at) !== undefined) return true;
  }
  return false;
};

const intactAt = (bytes: Buffer, at: number): RawBatch | undefined => {
  if (at + HEADER_BYTES > bytes.length || bytes.readInt8(at + AT.magic) !== MAGIC) return undefined;
  const size = PREFIX_BYTES + bytes.readInt32BE(at + AT.size);
  if (size < HEADER_BYTES || at + size > bytes.length) return undefined;
  const batch = bytes.subarray(at, at + size);
  return isIntact(batch) ? headOf(batch) : undefined;
};
