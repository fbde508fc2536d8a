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

/** Compressed bytes opened before whatever else waits in this process has its turn: four of them can hold 128 KiB. */
const BYTES_A_TURN = 1024;

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
  for (let at = 0; at < compressed.length; at += BYTES_A_TURN) {
    stream.push(compressed.subarray(at, at + BYTES_A_TURN), at + BYTES_A_TURN >= compressed.length);
    await turn();
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
