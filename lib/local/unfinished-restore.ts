import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { identityOf, isAlive, type ProcessIdentity } from './native/identity.ts';
import type { StackPaths } from './paths.ts';
import { replaceJson } from './replace-file.ts';

/** What runs on a stack while nothing is restored. */
export interface FunctionsBefore {
  readonly isUp: boolean;
  /** Topics whose mapping was paused by request. */
  readonly paused: readonly string[];
}

/** A restore into a stack that has not come to its end: it is under way, was interrupted, or its process was killed. */
export interface UnfinishedRestore {
  /** Id of the backup. */
  readonly backup: string;
  /** ISO 8601, UTC. */
  readonly begunAt: string;
  /** The command that goes on with it. */
  readonly next: string;
  /** How the functions were before it stopped them. */
  readonly functions: FunctionsBefore;
  /** Whether its process is there. */
  readonly isRunning: boolean;
}

type Note = Omit<UnfinishedRestore, 'isRunning'> & { readonly process: ProcessIdentity | null };

const fileOf = ({ run }: StackPaths): string => join(run, 'restore.json');

/** Undefined when there is none. */
export const readUnfinishedRestore = async (paths: StackPaths): Promise<UnfinishedRestore | undefined> => {
  try {
    const { process, ...note }: Note = JSON.parse(await readFile(fileOf(paths), 'utf8'));
    return { ...note, isRunning: process !== null && isAlive(process) };
  } catch {
    return undefined;
  }
};

/** Notes that this process restores, so that whatever ends it, the next command knows. */
export const noteRestore = async (paths: StackPaths, restore: Omit<UnfinishedRestore, 'isRunning'>): Promise<void> => {
  const note: Note = { ...restore, process: identityOf(process.pid) ?? null };
  await replaceJson(fileOf(paths), note);
};

/** Notes that it came to its end, or that all it had begun is deleted. */
export const forgetRestore = (paths: StackPaths): Promise<void> => rm(fileOf(paths), { force: true });
