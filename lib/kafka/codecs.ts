import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { decompress as openZstdInScript } from 'fzstd';
import { openLz4 } from './lz4.ts';
import { openSnappy } from './snappy.ts';

/**
 * A batch opens to no more than this: a few kilobytes can be made to fill any memory. Brokers take a megabyte, compressed;
 * what real records make of it is a hundredth of this limit.
 */
export const MAX_OPENED_BYTES = 128 * 1024 * 1024;

/** Undoes the compression of a batch. */
export type Open = (compressed: Buffer) => Buffer | Promise<Buffer>;

const gunzip = promisify(zlib.gunzip);

const openGzip: Open = (compressed) => gunzip(compressed, { maxOutputLength: MAX_OPENED_BYTES });

/** Node has it from 22.15 on; in script it takes about ten times as long. */
const openZstd: Open = (compressed) =>
  'zstdDecompressSync' in zlib && typeof zlib.zstdDecompressSync === 'function'
    ? zlib.zstdDecompressSync(compressed, { maxOutputLength: MAX_OPENED_BYTES })
    : Buffer.from(openZstdInScript(compressed));

/** Codecs by the last three bits of a batch's attributes; 0 is none (https://kafka.apache.org/documentation/#recordbatch). */
export const CODECS: ReadonlyMap<number, { readonly name: string; readonly open: Open }> = new Map([
  [1, { name: 'gzip', open: openGzip }],
  [2, { name: 'snappy', open: (compressed) => openSnappy(compressed, MAX_OPENED_BYTES) }],
  [3, { name: 'lz4', open: (compressed) => openLz4(compressed, MAX_OPENED_BYTES) }],
  [4, { name: 'zstd', open: openZstd }],
]);
