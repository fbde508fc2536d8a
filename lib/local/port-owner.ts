import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

/** A process that listens on a port. */
export interface PortOwner {
  readonly pid: number;
  /** Its command line, shortened. */
  readonly command: string;
}

const HOST = '127.0.0.1';
const LISTENING = '0A';
const COMMAND_CHARACTERS = 120;

/** Whether a port of the loopback interface can be listened on. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: HOST, exclusive: true }, () => probe.close(() => resolve(true)));
  });

/** Who listens on a port; undefined when that cannot be found out, for instance of another user's process. */
export const portOwner = (port: number): Promise<PortOwner | undefined> =>
  process.platform === 'linux' ? ownerFromProc(port) : ownerFromLsof(port);

/** The inodes of the sockets that listen on `port`, in a table of /proc/net (proc(5)). */
export const listeningInodes = (table: string, port: number): string[] => {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local, , state, , , , , , inode]) =>
      local?.endsWith(suffix) === true && state === LISTENING && inode !== undefined ? [inode] : [],
    );
};

const ownerFromProc = async (port: number): Promise<PortOwner | undefined> => {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const sockets = new Set(tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      if (sockets.has(target)) return { pid: Number(pid), command: await commandFromProc(pid) };
    }
  }
  return undefined;
};

const commandFromProc = async (pid: string): Promise<string> => {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return shortened(line.replaceAll('\0', ' ').trim());
};

const ownerFromLsof = async (port: number): Promise<PortOwner | undefined> => {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
    const pid = /^p(\d+)$/m.exec(stdout)?.[1];
    return pid === undefined ? undefined : { pid: Number(pid), command: /^c(.*)$/m.exec(stdout)?.[1] ?? '' };
  } catch {
    return undefined;
  }
};

const shortened = (text: string): string =>
  text.length > COMMAND_CHARACTERS ? `${text.slice(0, COMMAND_CHARACTERS)}…` : text;
