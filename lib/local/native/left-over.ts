import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StreamError } from '../../errors.ts';
import type { StackPaths } from '../paths.ts';

const LOOK_EVERY_MS = 50;

/**
 * Processes of a stack that are still there, by their standard output or error: it is a log of the stack, which they have
 * from the process that started them, and keep when that is gone. Found on Linux only; empty elsewhere.
 */
export const leftOver = async ({ root, logs }: Pick<StackPaths, 'root' | 'logs'>): Promise<readonly number[]> => {
  if (process.platform !== 'linux') return [];
  const folder = logs.replace(root, await realpath(root).catch(() => root)) + sep;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const isOne = async (pid: number): Promise<boolean> => {
    const outputs = await Promise.all([1, 2].map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
    return outputs.some((output) => output.startsWith(folder));
  };
  const found = await Promise.all(pids.map(isOne));
  return pids.filter((pid, i) => pid !== process.pid && found[i] === true);
};

/**
 * Waits until nothing can write to the data of a stack any more.
 *
 * @param restless titles of services that know of processes beyond those of {@link leftOver}
 * @param patienceMs how long it is waited for, milliseconds
 * @throws StreamError SERVICE_FAILED when something is left even then
 */
export const nothingLeft = async (
  paths: Pick<StackPaths, 'root' | 'logs'>,
  restless: () => Promise<readonly string[]>,
  patienceMs: number,
): Promise<void> => {
  const end = Date.now() + patienceMs;
  for (;;) {
    const [left, others] = await Promise.all([leftOver(paths), restless()]);
    if (left.length === 0 && others.length === 0) return;
    if (Date.now() >= end) throw stillThere(left.length === 0 ? others : await Promise.all(left.map(named)));
    await delay(LOOK_EVERY_MS);
  }
};

const named = async (pid: number): Promise<string> => {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return name === '' ? String(pid) : `${pid} (${name.trim()})`;
};

const stillThere = (left: readonly string[]): StreamError =>
  new StreamError('SERVICE_FAILED', `No data deleted: still running and able to write: ${left.join(', ')}.`, {
    next: 'Wait until it has ended, or end it, and try again: ./stream-manager.sh stop --wipe',
  });
