import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive, readIdentity } from './native/identity.ts';
import type { StackPaths } from './paths.ts';

const run = promisify(execFile);

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Physical memory, bytes. */
  readonly bytes: number;
}

/**
 * Physical memory of the stack's processes, bytes, by name; that of the functions is part of their host's. What runs in
 * Docker is not among them.
 */
export const memoryUse = async ({
  run: folder,
}: Pick<StackPaths, 'run'>): Promise<Readonly<Record<string, number>>> => {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.pid'));
  const roots = await Promise.all(
    files.map(async (file) => {
      const identity = await readIdentity(join(folder, file));
      return identity !== undefined && isAlive(identity) ? [[basename(file, '.pid'), identity.pid] as const] : [];
    }),
  );
  const processes = await (process.platform === 'linux' ? fromProc() : fromPs());
  return Object.fromEntries(roots.flat().map(([name, pid]) => [name, bytesUnder(pid, processes)]));
};

const bytesUnder = (pid: number, processes: readonly Process[]): number => {
  const own = processes.find((each) => each.pid === pid)?.bytes ?? 0;
  return processes
    .filter(({ parent }) => parent === pid)
    .reduce((sum, child) => sum + bytesUnder(child.pid, processes), own);
};

/** Fields of /proc/PID/status (proc_pid_status(5)). */
const fromProc = async (): Promise<readonly Process[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0);
      return { pid: Number(pid), parent, bytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024 };
    }),
  );
  return found;
};

const fromPs = async (): Promise<readonly Process[]> => {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=']).catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line) => {
    const [pid = 0, parent = 0, kib = 0] = line.trim().split(/\s+/).map(Number);
    return pid > 0 ? [{ pid, parent, bytes: kib * 1024 }] : [];
  });
};
