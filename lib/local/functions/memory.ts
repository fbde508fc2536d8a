import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The most physical memory a process has used, MiB: the high-water mark of /proc, so that a peak between two looks is
 * not missed; elsewhere `ps` tells what it uses now. 0 when the process is gone.
 */
export const peakMemoryMb = async (pid: number): Promise<number> => {
  try {
    const kib =
      process.platform === 'linux'
        ? /^VmHWM:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
        : (await run('ps', ['-o', 'rss=', '-p', String(pid)])).stdout.trim();
    return Math.ceil(Number(kib ?? 0) / 1024);
  } catch {
    return 0;
  }
};
