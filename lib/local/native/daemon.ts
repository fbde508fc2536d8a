import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StreamError } from '../../errors.ts';
import type { NativeCommand } from '../services/index.ts';
import { identityOf, isAlive, type ProcessIdentity, readIdentity, removeIdentity, writeIdentity } from './identity.ts';

/** A log larger than this is put aside when its process is started; one older file is kept. */
const LOG_BYTES = 20 * 1024 * 1024;
const LOOK_EVERY_MS = 20;

export interface DaemonOptions {
  readonly name: string;
  /** Folder of the process file. */
  readonly runFolder: string;
  readonly logFile: string;
}

/** A process that outlives the command that started it, known by a file with its identity. */
export class Daemon {
  readonly #name: string;
  readonly #file: string;
  readonly logFile: string;

  constructor({ name, runFolder, logFile }: DaemonOptions) {
    this.#name = name;
    this.#file = join(runFolder, `${name}.pid`);
    this.logFile = logFile;
  }

  /** `died`: it was started and not stopped, and is gone. */
  async state(): Promise<'running' | 'died' | 'stopped'> {
    const identity = await readIdentity(this.#file);
    if (identity === undefined) return 'stopped';
    return (await isAlive(identity)) ? 'running' : 'died';
  }

  /** @throws StreamError SERVICE_FAILED when there is no such program */
  async start({ program, args, env }: NativeCommand, cwd: string): Promise<void> {
    const log = openLog(this.logFile);
    try {
      const child = spawn(program, [...args], {
        cwd,
        detached: true,
        stdio: ['ignore', log, log],
        env: { ...process.env, ...env },
      });
      const { pid } = child;
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', (error) =>
          reject(new StreamError('SERVICE_FAILED', `${this.#name} could not be started: ${error.message}`)),
        );
      });
      child.unref();
      const identity = pid === undefined ? undefined : await identityOf(pid);
      await writeIdentity(this.#file, identity ?? { pid: pid ?? 0, started: 'ended at once' });
    } finally {
      closeSync(log);
    }
  }

  /**
   * Asks the process to end (SIGTERM), and ends it (SIGKILL) when it has not after the grace.
   *
   * @param graceMs milliseconds it gets to tidy up
   */
  async stop(graceMs: number): Promise<void> {
    const identity = await readIdentity(this.#file);
    if (identity !== undefined) {
      if (!(await ended(identity, 'SIGTERM', graceMs))) await ended(identity, 'SIGKILL', graceMs);
    }
    await removeIdentity(this.#file);
  }
}

const openLog = (path: string): number => {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && statSync(path).size > LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
};

/** Sends a signal and waits; whether the process has ended. */
const ended = async (identity: ProcessIdentity, signal: NodeJS.Signals, waitMs: number): Promise<boolean> => {
  if (!(await isAlive(identity))) return true;
  try {
    process.kill(identity.pid, signal);
  } catch {
    return true;
  }
  for (const end = Date.now() + waitMs; Date.now() < end; await delay(LOOK_EVERY_MS)) {
    if (!(await isAlive(identity))) return true;
  }
  return !(await isAlive(identity));
};
