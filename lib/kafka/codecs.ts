import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { openLz4 } from './lz4.ts';
import { MAX_OPENED_BYTES, tooLarge } from './opened-size.ts';
import { openSnappy } from './snappy.ts';

/** Undoes the compression of a batch. */
export type Open = (compressed: Buffer) => Buffer | Promise<Buffer>;

const gunzip = promisify(zlib.gunzip);

const whyNot = (error: unknown): unknown =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : error;

const openGzip: Open = async (compressed) => {
  try {
    return await gunzip(compressed, { maxOutputLength: MAX_OPENED_BYTES });
  } catch (error) {
    throw whyNot(error);
  }
};

/**
 * Compressed bytes of one push, at most and at least: four of them can hold a block of 128 KiB, or move a window of 128 MiB. After
 * a push that took long the next ones are shorter, so that whatever else waits in this process has its turn.
 */
const PUSH_BYTES = { most: 256, least: 4 } as const;
const LONG_MS = 10;

/** Node has it from 22.15 on; in script it takes about ten times as long. */
const openZstd: Open = (compressed) => {
  if (!('zstdDecompress' in zlib) || typeof zlib.zstdDecompress !== 'function') return openZstdInScript(compressed);
  const { zstdDecompress } = zlib;
  return new Promise((resolve, reject) => {
    zstdDecompress(compressed, { maxOutputLength: MAX_OPENED_BYTES }, (error: unknown, opened: Buffer) => {
      if (error) reject(whyNot(error));
      else resolve(opened);
    });
  });
};

const openZstdInScript: Open = async (compressed) => {
  const parts: Uint8Array[] = [];
  let size = 0;
  const stream = new Decompress((part) => {
    size += part.length;
    if (size > MAX_OPENED_BYTES) throw tooLarge();
    parts.push(part);
  });
  let length: number = PUSH_BYTES.most;
  let turned = performance.now();
  for (let at = 0, next = 0; at < compressed.length; at = next) {
    next = Math.min(at + length, compressed.length);
    const begun = performance.now();
    stream.push(compressed.subarray(at, next), next === compressed.length);
    const now = performance.now();
    length = now - begun > LONG_MS ? PUSH_BYTES.least : Math.min(length * 2, PUSH_BYTES.most);
    if (now - turned < LONG_MS) continue;
    await turn();
    turned = performance.now();
  }
  return Buffer.concat(parts, size);
};

/** Codecs by the last three bits of a batch's attributes; 0 is none (https://kafka.apache.org/documentation/#recordbatch). */
export const CODECS: ReadonlyMap<number, { readonly name: string; readonly open: Open }> = new Map([
  [1, { name: 'gzip', open: openGzip }],
  [2, { name: 'snappy', open: openSnappy }],
  [3, { name: 'lz4', open: openLz4 }],
  [4, { name: 'zstd', open: openZstd }],
]);
