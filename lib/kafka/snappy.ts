// For every project that sees this module, whatever it includes.
/// <reference path="./snappyjs.d.ts" />
import snappy from 'snappyjs';

/** How a stream of snappy-java begins: its name, then two versions of 32 bits; librdkafka and others write a bare block. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const HEADER_BYTES = 16;

/**
 * Opens a block of snappy, or a stream of blocks as Java's producers and brokers write it: each block after its length, 32
 * bits, big-endian (https://github.com/xerial/snappy-java, SnappyOutputStream).
 *
 * @param limit bytes it may open to
 * @throws Error when it is neither, or opens to more
 */
export const openSnappy = (compressed: Buffer, limit: number): Buffer => {
  if (!compressed.subarray(0, XERIAL.length).equals(XERIAL)) return snappy.uncompress(compressed, limit);
  const blocks: Buffer[] = [];
  let opened = 0;
  for (let at = HEADER_BYTES; at < compressed.length; ) {
    const size = compressed.readInt32BE(at);
    const end = at + 4 + size;
    if (size <= 0 || end > compressed.length) throw new RangeError('a block of snappy ends too early');
    const block = snappy.uncompress(compressed.subarray(at + 4, end), limit - opened);
    blocks.push(block);
    opened += block.length;
    at = end;
  }
  return Buffer.concat(blocks, opened);
};
