import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** Whether a process is there; what is left of one until its parent takes note (a zombie) is not. */
export const isRunning = (pid: number): boolean => {
  const stat = textOf(`/proc/${pid}/stat`);
  const state = stat.slice(stat.lastIndexOf(')') + 2)[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
};

const numbers = (): number[] => readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));

const folderOf = (pid: number): string => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
};

/**
 * Every process that has to do with a folder, by its working directory, command line or environment in /proc: found
 * without the product's own records. (Redis writes over the last two.)
 */
export const processesOf = (folder: string): number[] =>
  numbers().filter(
    (pid) =>
      pid !== process.pid &&
      isRunning(pid) &&
      [folderOf(pid), textOf(`/proc/${pid}/cmdline`), environmentOf(pid)].some((text) => text.includes(folder)),
  );

/** The variables a process was started with, each ended by a zero byte. */
export const environmentOf = (pid: number): string => textOf(`/proc/${pid}/environ`);

/** The children of a process, by /proc. */
export const childrenOf = (parent: number): number[] =>
  numbers().filter((pid) => {
    const stat = textOf(`/proc/${pid}/stat`);
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent && isRunning(pid);
  });

/** Process ids by the name of their service, from the process files in a stack's run folder. */
export const servicePids = (dataDir: string): ReadonlyMap<string, number> => {
  const run = join(dataDir, 'run');
  return new Map(
    readdirSync(run)
      .filter((name) => name.endsWith('.pid'))
      .map((name) => {
        const { pid }: { pid: number } = JSON.parse(readFileSync(join(run, name), 'utf8'));
        return [name.replace(/\.pid$/, ''), pid];
      }),
  );
};

/** Whether somebody listens on a port of the loopback interface. */
export const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });

/** Sends a signal. @returns false where the process is gone */
export const signalled = (pid: number, signal: NodeJS.Signals): boolean => {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
};
