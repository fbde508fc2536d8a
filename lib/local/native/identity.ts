import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A process that cannot be mistaken for another one that got its number later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own words. */
  readonly started: string;
}

/** /proc/PID/stat from field 3 on (proc(5)), which everyone may read. @throws when there is no such process */
export const statOf = (pid: number): readonly string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/**
 * When a process started; undefined when there is none, or only what is left of one until its parent takes note (a zombie).
 * Fields 3 and 22 of /proc/PID/stat (proc(5)), `ps` elsewhere.
 */
const startOf = (pid: number): string | undefined => {
  try {
    if (process.platform === 'linux') {
      const fields = statOf(pid);
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    }
    const told = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return told.startsWith('Z') ? undefined : told.split(/\s+/).slice(1).join(' ');
  } catch {
    return undefined;
  }
};

/** The identity of a running process, or undefined. */
export const identityOf = (pid: number): ProcessIdentity | undefined => {
  const started = startOf(pid);
  return started === undefined ? undefined : { pid, started };
};

export const isAlive = ({ pid, started }: ProcessIdentity): boolean => startOf(pid) === started;

/** Reads a process file; undefined when there is none that can be read. */
export const readIdentity = async (path: string): Promise<ProcessIdentity | undefined> => {
  try {
    const { pid, started }: Partial<ProcessIdentity> = JSON.parse(await readFile(path, 'utf8'));
    return pid === undefined || started === undefined ? undefined : { pid, started };
  } catch {
    return undefined;
  }
};

/** Writes a process file at once: in between no signal is handled that could end this process and lose the other. */
export const writeIdentity = (path: string, identity: ProcessIdentity): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, JSON.stringify(identity));
  renameSync(`${path}.tmp`, path);
};

export const removeIdentity = (path: string): Promise<void> => rm(path, { force: true });
