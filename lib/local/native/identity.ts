import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** A process that cannot be mistaken for another one that got its number later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own words. */
  readonly started: string;
}

/**
 * When a process started; undefined when there is none, or only what is left of one until its parent takes note (a zombie).
 * Fields 3 and 22 of /proc/PID/stat (proc(5)), `ps` elsewhere.
 */
const startOf = async (pid: number): Promise<string | undefined> => {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
    return stdout.trim().startsWith('Z') ? undefined : stdout.trim().split(/\s+/).slice(1).join(' ');
  } catch {
    return undefined;
  }
};

/** The identity of a running process, or undefined. */
export const identityOf = async (pid: number): Promise<ProcessIdentity | undefined> => {
  const started = await startOf(pid);
  return started === undefined ? undefined : { pid, started };
};

export const isAlive = async ({ pid, started }: ProcessIdentity): Promise<boolean> => (await startOf(pid)) === started;

/** Reads a process file; undefined when there is none that can be read. */
export const readIdentity = async (path: string): Promise<ProcessIdentity | undefined> => {
  try {
    const { pid, started }: Partial<ProcessIdentity> = JSON.parse(await readFile(path, 'utf8'));
    return pid === undefined || started === undefined ? undefined : { pid, started };
  } catch {
    return undefined;
  }
};

export const writeIdentity = async (path: string, identity: ProcessIdentity): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(identity));
};

export const removeIdentity = (path: string): Promise<void> => rm(path, { force: true });
