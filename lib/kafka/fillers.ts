import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { PackedRecords } from './written-batch.ts';

/** Fillers of one batch at most: less than a megabyte opened, and a few kilobytes packed. */
export const FILLERS_A_BATCH = 100_000;

const GZIP = 1;
const NO_TIME = -1n;
const pack = promisify(gzip);

/**
 * Records without key, value and headers, which only take offsets. They have no time (-1), so that no search by time finds
 * one, and all batches of the same number hold the same bytes.
 *
 * @param count from 1 to {@link FILLERS_A_BATCH}
 */
export const fillers = async (count: number): Promise<PackedRecords> => ({
  codec: GZIP,
  count,
  firstTime: NO_TIME,
  latestTime: NO_TIME,
  records: await packed(count),
});

/** A full batch: there are many of these. */
let full: Promise<Buffer> | undefined;

const packed = (count: number): Promise<Buffer> => {
  if (count !== FILLERS_A_BATCH) return pack(plainFillers(count));
  full ??= pack(plainFillers(count));
  return full;
};

const plainFillers = (count: number): Buffer => {
  const plain = Buffer.alloc(count * 10);
  let at = 0;
  for (let i = 0; i < count; i += 1) at = writeFiller(plain, at, i);
  return plain.subarray(0, at);
};

/** Attributes, time, offset, key, value, headers (https://kafka.apache.org/documentation/#record), behind their length. */
const writeFiller = (plain: Buffer, begin: number, offset: number): number => {
  let at = begin + 1;
  plain[at] = 0; // attributes
  plain[at + 1] = 0; // time, after that of the first
  at += 2;
  let left = offset * 2;
  for (; left > 0x7f; left >>>= 7) {
    plain[at] = (left & 0x7f) | 0x80;
    at += 1;
  }
  plain[at] = left;
  plain[at + 1] = 1; // no key
  plain[at + 2] = 1; // no value
  plain[at + 3] = 0; // no headers
  at += 4;
  plain[begin] = (at - begin - 1) * 2;
  return at;
};
