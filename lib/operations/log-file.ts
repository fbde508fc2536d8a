import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const PIECE_BYTES = 64 * 1024;
const FOLLOW_MS = 200;
const LINE_FEED = 0x0a;

/** Where the last `lines` lines of an open file begin, found from the end backwards: logs can be large. */
const lastLinesFrom = async (file: FileHandle, size: number, lines: number): Promise<number> => {
  if (lines === 0) return size;
  let found = 0;
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - PIECE_BYTES);
    const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    for (let at = buffer.length - 1; at >= 0; at -= 1) {
      // The line feed that ends the file begins no line.
      if (buffer[at] !== LINE_FEED || start + at === size - 1) continue;
      found += 1;
      if (found === lines) return start + at + 1;
    }
    end = start;
  }
  return 0;
};

/** Everything from `from` to the file's present end. */
const readFrom = async (file: FileHandle, from: number, onText: (bytes: Buffer) => void): Promise<number> => {
  for (let at = from; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, at);
    if (bytesRead === 0) return at;
    onText(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
};

export interface TailOptions {
  /** Lines to begin with. */
  readonly lines: number;
  /** Goes on with what is appended until this signal. */
  readonly follow?: AbortSignal;
}

/**
 * The end of a log file, and what is appended to it. A file that was emptied or begun anew is read from its start.
 *
 * @throws the error of `open` when there is no such file
 */
export const tailLog = async (path: string, options: TailOptions, onText: (bytes: Buffer) => void): Promise<void> => {
  let file = await open(path, 'r');
  try {
    let { size, ino } = await file.stat();
    let at = await readFrom(file, await lastLinesFrom(file, size, options.lines), onText);
    while (options.follow !== undefined && !options.follow.aborted) {
      await delay(FOLLOW_MS, undefined, { signal: options.follow }).catch(() => undefined);
      const now = await open(path, 'r').catch(() => undefined);
      if (now === undefined) continue;
      const { ino: inode, size: bytes } = await now.stat();
      await file.close();
      file = now;
      if (inode !== ino || bytes < at) at = 0;
      ino = inode;
      size = bytes;
      at = await readFrom(file, at, onText);
    }
  } finally {
    await file.close();
  }
};
