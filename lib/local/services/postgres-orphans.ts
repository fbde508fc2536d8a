import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf } from '../native/identity.ts';

/** The kernel's list of shared memory (proc(5)); there is none but on Linux. */
const SHARED_MEMORY = '/proc/sysvipc/shm';
/** Orphans end as soon as they find their parent gone. */
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** Shared memory of System V, as the kernel's list has it. */
export interface SharedMemory {
  /** From the inode of the database's files: memory of another server, or of one before a reboot, has another. */
  readonly key: number;
  readonly id: number;
}

/**
 * Shared memory of the server that wrote this file last.
 *
 * @param text content of `postmaster.pid`: its seventh line has the key and the id (PostgreSQL, `miscadmin.h`)
 */
export const sharedMemoryIn = (text: string): SharedMemory | undefined => {
  const [, key, id] = /^\s*(\d+)\s+(\d+)\s*$/.exec(text.split('\n')[6] ?? '') ?? [];
  // The file has the key without a sign, the kernel's list with one.
  return key === undefined || id === undefined ? undefined : { key: Number(key) | 0, id: Number(id) };
};

/** How many processes have this shared memory. @param list content of `/proc/sysvipc/shm`: key, shmid, perms, size, cpid, lpid, nattch */
export const attached = (list: string, { key, id }: SharedMemory): number => {
  const row = list
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .find(([theirKey, theirId]) => theirKey === key && theirId === id);
  return row?.[6] ?? 0;
};

const readOr = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** Whether no process of a server is left that has these files open. @param files the database's files */
export const isAtRest = async (files: string): Promise<boolean> => {
  const memory = sharedMemoryIn(await readOr(join(files, 'postmaster.pid')));
  return memory === undefined || attached(await readOr(SHARED_MEMORY), memory) === 0;
};

/**
 * Makes way for a server after one that was killed. PostgreSQL refuses to start while the number in `postmaster.pid` is one of
 * a process, and what is left of a killed one keeps it until its parent takes note, in some containers for ever; and while
 * one of its children has its shared memory. Once neither is, the file goes.
 *
 * @param files the database's files
 * @param patienceMs how long it is waited for, milliseconds
 */
export const orphansGone = async (files: string, patienceMs = PATIENCE_MS): Promise<void> => {
  const path = join(files, 'postmaster.pid');
  const text = await readOr(path);
  const pid = Number(text.split('\n')[0]);
  if (process.platform !== 'linux' || sharedMemoryIn(text) === undefined || !Number.isInteger(pid)) return;
  for (const end = Date.now() + patienceMs; Date.now() < end; await delay(LOOK_EVERY_MS)) {
    if (identityOf(pid) !== undefined || !(await isAtRest(files))) continue;
    await rm(path, { force: true });
    return;
  }
};
