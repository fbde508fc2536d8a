import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StreamError } from '../errors.ts';

/** A folder, and the room on its disk, in bytes. */
export interface DiskSpace {
  readonly folder: string;
  /** What an ordinary user may still write. */
  readonly free: number;
  readonly total: number;
}

/** Below this a broker cannot begin another segment, and a stack does not last. */
const LEAST_FREE = 16 * 1024 * 1024;
const MEGABYTE = 1_000_000;
/** What programs say when a write found no room (errno(3), ENOSPC and EDQUOT). */
const NO_SPACE = /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/i;

/** The room on the disk of a folder, or of the nearest one above it that is there; undefined where the system does not tell. */
export const diskSpace = (folder: string): DiskSpace | undefined => {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    const { bavail, blocks, bsize } = statfsSync(there);
    return { folder, free: bavail * bsize, total: blocks * bsize };
  } catch {
    return undefined;
  }
};

export const isFull = ({ free }: DiskSpace): boolean => free < LEAST_FREE;

/** The disk of a folder if there is next to no room on it. */
export const fullDisk = (folder: string): DiskSpace | undefined => {
  const space = diskSpace(folder);
  return space !== undefined && isFull(space) ? space : undefined;
};

const size = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(bytes < 10 * MEGABYTE ? 1 : 0)} MB`;

/** Which disk, and how much is free: `the disk of /data is full: 0.0 MB of 268 MB are free`. */
export const diskText = ({ folder, free, total }: DiskSpace): string =>
  `the disk of ${folder} is full: ${size(free)} of ${size(total)} are free`;

/** What to do about it. */
export const MAKE_ROOM = 'Free some space there, then ./stream-manager.sh start';

/** @throws StreamError DISK_FULL before something is begun that could only fail */
export const requireSpace = (folders: readonly string[]): void => {
  for (const folder of folders) {
    const space = fullDisk(folder);
    if (space !== undefined) throw new StreamError('DISK_FULL', sentence(diskText(space)), { next: MAKE_ROOM });
  }
};

export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Whether a text, of an error or a log, says that there was no room. */
export const saysNoSpace = (text: string): boolean => NO_SPACE.test(text);
