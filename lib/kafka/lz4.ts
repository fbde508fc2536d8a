import { setImmediate as turn } from 'node:timers/promises';
import { MAX_OPENED_BYTES, tooLarge } from './opened-size.ts';

const BYTES_A_TURN = 2 * 1024 * 1024;
/** https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md */
const MAGIC = 0x184d2204;
const VERSION_MASK = 0xc0;
const VERSION = 0x40;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const DICTIONARY = 0x01;
const CHECKSUM_BYTES = 4;
/** Of a block's size: set where the block is not compressed. */
const PLAIN = 0x8000_0000;
/** A block by the code of its largest size, bytes. */
const BLOCK_BYTES: ReadonlyMap<number, number> = new Map([
  [4, 64 * 1024],
  [5, 256 * 1024],
  [6, 1024 * 1024],
  [7, 4 * 1024 * 1024],
]);

interface Block {
  readonly from: number;
  readonly to: number;
  readonly isPlain: boolean;
}

/**
 * Opens one frame of LZ4, with independent or linked blocks. Checksums are not compared: TCP and the batch have theirs.
 *
 * @throws RangeError when it is no such frame, is damaged, or opens to more than {@link MAX_OPENED_BYTES}
 */
export const openLz4 = async (frame: Buffer): Promise<Buffer> => {
  const { blocks, blockBytes } = blocksOf(frame);
  const bound = blocks.reduce((sum, { from, to, isPlain }) => sum + (isPlain ? to - from : blockBytes), 0);
  const opened = Buffer.allocUnsafe(Math.min(bound, MAX_OPENED_BYTES));
  let [size, paused] = [0, 0];
  for (const { from, to, isPlain } of blocks) {
    if (!isPlain) size = openBlock(frame, from, to, opened, size);
    else {
      if (size + to - from > opened.length) throw overflow(opened);
      size += frame.copy(opened, size, from, to);
    }
    // A block opens to 4 MiB at most: whatever else waits in this process has its turn.
    if (size - paused > BYTES_A_TURN) {
      paused = size;
      await turn();
    }
  }
  return opened.subarray(0, size);
};

const blocksOf = (frame: Buffer): { readonly blocks: readonly Block[]; readonly blockBytes: number } => {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw new RangeError('it holds no frame of LZ4');
  const flags = frame.readUInt8(4);
  const blockBytes = BLOCK_BYTES.get((frame.readUInt8(5) >> 4) & 7);
  if ((flags & VERSION_MASK) !== VERSION || (flags & DICTIONARY) !== 0 || blockBytes === undefined) {
    throw new RangeError('its frame of LZ4 is of an unknown kind');
  }
  const blocks: Block[] = [];
  // Behind the descriptor stands one byte of checksum.
  let at = 6 + ((flags & CONTENT_SIZE) === 0 ? 0 : 8) + 1;
  for (;;) {
    if (at + 4 > frame.length) throw damaged();
    const word = frame.readUInt32LE(at);
    if (word === 0) return { blocks, blockBytes };
    const size = word % PLAIN;
    const from = at + 4;
    if (from + size > frame.length) throw damaged();
    blocks.push({ from, to: from + size, isPlain: word >= PLAIN });
    at = from + size + ((flags & BLOCK_CHECKSUM) === 0 ? 0 : CHECKSUM_BYTES);
  }
};

const MIN_MATCH = 4;
/** A length of four bits that is full goes on in the bytes behind it. */
const FULL = 15;

/** Opens a block behind what is opened already, to which it may refer back. @returns the size of both */
const openBlock = (source: Buffer, from: number, to: number, target: Buffer, opened: number): number => {
  let at = from;
  let size = opened;
  const lengthAt = (nibble: number): number => {
    let length = nibble;
    if (nibble !== FULL) return length;
    for (;;) {
      const more = source[at];
      if (more === undefined || at >= to) throw damaged();
      at += 1;
      length += more;
      if (more !== 255) return length;
    }
  };
  while (at < to) {
    const token = source.readUInt8(at);
    at += 1;
    const literals = lengthAt(token >> 4);
    if (at + literals > to) throw damaged();
    if (size + literals > target.length) throw overflow(target);
    size += source.copy(target, size, at, at + literals);
    at += literals;
    if (at === to) return size;
    if (at + 2 > to) throw damaged();
    const distance = source.readUInt16LE(at);
    at += 2;
    const length = lengthAt(token & FULL) + MIN_MATCH;
    if (distance === 0 || distance > size) throw damaged();
    if (size + length > target.length) throw overflow(target);
    if (distance >= length) target.copyWithin(size, size - distance, size - distance + length);
    else for (let i = size; i < size + length; i += 1) target[i] = target[i - distance] ?? 0;
    size += length;
  }
  return size;
};

const damaged = (): RangeError => new RangeError('its frame of LZ4 is damaged');

/** A block that opens to more than its frame says is damaged. */
const overflow = ({ length }: Buffer): RangeError => (length < MAX_OPENED_BYTES ? damaged() : tooLarge());
