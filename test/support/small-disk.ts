import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.ts';

const call = promisify(execFile);

/** Room for the logs of thirteen topics and of a few runs, in MiB; little enough to be filled in a moment. */
const MEGABYTES = 256;
const CHUNK = Buffer.alloc(1024 * 1024);

/** A file system of its own, as large as a broker needs and no larger. */
export class SmallDisk {
  readonly folder: string;
  readonly #filler: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#filler = join(folder, 'filler');
  }

  /** Why there can be none here; undefined when there can. */
  static impossible(): string | undefined {
    if (process.platform !== 'linux') return 'a small file system is mounted on Linux only';
    return process.getuid?.() === 0 ? undefined : 'to mount a small file system takes root';
  }

  /**
   * @param megabytes its size, in MiB
   * @throws Error with the words of mount(8)
   */
  static async mount(folder: string, megabytes = MEGABYTES): Promise<SmallDisk> {
    await mkdir(folder, { recursive: true });
    await call('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'qr-faults', folder]);
    return new SmallDisk(folder);
  }

  /** Fills it to the last byte. @returns how many MiB that took */
  async fill(): Promise<number> {
    const file = await open(this.#filler, 'w');
    try {
      for (let written = 0; ; written += 1) {
        try {
          await file.write(CHUNK);
        } catch (error) {
          if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return written;
          throw error;
        }
      }
    } finally {
      await file.close();
    }
  }

  /** Gives the room back. */
  async clear(): Promise<void> {
    await rm(this.#filler, { force: true });
  }

  /** Once whoever uses it is gone: of a broker that was killed, threads may hold files for a while after the process has ended. */
  async unmount(): Promise<void> {
    await until(`nothing uses ${this.folder}`, () =>
      call('umount', [this.folder]).then(
        () => true,
        () => false,
      ),
    );
  }
}
