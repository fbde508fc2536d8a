// For every project that sees this module, whatever it includes.
/// <reference path="./snappyjs.d.ts" />
import { setImmediate as turn } from 'node:timers/promises';
import snappy from 'snappyjs';
import { MAX_OPENED_BYTES } from './opened-size.ts';

/** How a stream of snappy-java begins: its name, then two versions of 32 bits; librdkafka and others write a bare block. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const HEADER_BYTES = 16;
/** Blocks opened, 32 KiB each as a rule, before whatever else waits in this process has its turn. */
const BLOCKS_A_TURN = 64;

/**
 * Opens a block of snappy, or a stream of blocks as Java's producers and brokers write it: each block after its length, 32
 * bits, big-endian (https://github.com/xerial/snappy-java, SnappyOutputStream).
 *
 * @throws Error when it is neither, or opens to more than {@link MAX_OPENED_BYTES}
 */
export const openSnappy = async (compressed: Buffer): Promise<Buffer> => {
  if (!compressed.subarray(0, XERIAL.length).equals(XERIAL)) return snappy.uncompress(compressed, MAX_OPENED_BYTES);
  const blocks: Buffer[] = [];
  let opened = 0;
  for (let at = HEADER_BYTES; at < compressed.length; ) {
    const size = compressed.readInt32BE(at);
    const end = at + 4 + size;
    if (size <= 0 || end > compressed.length) throw new RangeError('a block of its snappy stream ends too early');
    const block = snappy.uncompress(compressed.subarray(at + 4, end), MAX_OPENED_BYTES - opened);
    blocks.push(block);
    opened += block.length;
    at = end;
    if (blocks.length % BLOCKS_A_TURN === 0) await turn();
  }
  return Buffer.concat(blocks, opened);
};
