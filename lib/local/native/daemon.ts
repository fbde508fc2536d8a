import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StreamError } from '../../errors.ts';
import type { NativeCommand } from '../services/index.ts';
import { familyOf } from './family.ts';
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
    return isAlive(identity) ? 'running' : 'died';
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
      const begun = new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', (error) =>
          reject(new StreamError('SERVICE_FAILED', `${this.#name} could not be started: ${error.message}`)),
        );
      });
      const { pid } = child;
      // Before anything else can happen here: Ctrl-C must not leave a process that nobody knows.
      if (pid !== undefined) writeIdentity(this.#file, identityOf(pid) ?? { pid, started: 'ended at once' });
      child.unref();
      await begun;
    } finally {
      closeSync(log);
    }
  }

  /**
   * Asks the process to end, and ends it (SIGKILL) when it has not after the grace. What it has started gets the same grace
   * from there on: a server that is ended by force leaves processes that write a little longer.
   *
   * @param graceMs milliseconds it gets to tidy up
   * @param signal how it is asked
   * @throws StreamError SERVICE_FAILED when any of them is there even then; it stays known
   */
  async stop(graceMs: number, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const identity = await readIdentity(this.#file);
    if (identity !== undefined) {
      const family = [...familyOf(identity)];
      if (!(await ended(identity, signal, graceMs))) {
        family.push(...familyOf(identity));
        if (!(await ended(identity, 'SIGKILL', graceMs))) throw this.#doesNotEnd(identity);
      }
      await Promise.all(family.map((member) => this.#endMember(member, graceMs)));
    }
    await removeIdentity(this.#file);
  }

  async #endMember(member: ProcessIdentity, graceMs: number): Promise<void> {
    if ((await gone(member, graceMs)) || (await ended(member, 'SIGKILL', graceMs))) return;
    throw this.#doesNotEnd(member);
  }

  #doesNotEnd({ pid }: ProcessIdentity): StreamError {
    return new StreamError('SERVICE_FAILED', `${this.#name} does not end (process ${pid}).`);
  }
}

const openLog = (path: string): number => {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && statSync(path).size > LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
};

/** Sends a signal and waits; whether the process has ended. */
const ended = async (identity: ProcessIdentity, signal: NodeJS.Signals, waitMs: number): Promise<boolean> => {
  if (!isAlive(identity)) return true;
  try {
    process.kill(identity.pid, signal);
  } catch {
    return true;
  }
  return gone(identity, waitMs);
};

/** Waits until a process has ended; whether it has. */
const gone = async (identity: ProcessIdentity, waitMs: number): Promise<boolean> => {
  for (const end = Date.now() + waitMs; Date.now() < end; await delay(LOOK_EVERY_MS)) {
    if (!isAlive(identity)) return true;
  }
  return !isAlive(identity);
};
