import { randomUUID } from 'node:crypto';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, StreamError } from '../errors.ts';
import { saysNoSpace } from './disk.ts';
import { identityOf, isAlive, readIdentity } from './native/identity.ts';

const LOOK_EVERY_MS = 100;

/** How to wait for another process. */
export interface Patience {
  readonly waitMs: number;
  /** Called once when there is something to wait for, with the process that holds the lock. */
  readonly waiting?: (pid: number) => void;
  /** Whether to work without a lock where the disk has no room for one: a stop makes room. */
  readonly evenWithoutRoom?: boolean;
}

/**
 * Runs `work` while no other process works under the same file. Of a process that died without tidying up the file is
 * taken over.
 *
 * @throws StreamError REFUSED when the other process takes longer than that
 */
export const exclusively = async <Result>(
  path: string,
  { waitMs, waiting, evenWithoutRoom = false }: Patience,
  work: () => Promise<Result>,
): Promise<Result> => {
  if (evenWithoutRoom && !(await hasRoom(path))) return work();
  await mkdir(dirname(path), { recursive: true });
  const identity = JSON.stringify(identityOf(process.pid));
  let isTold = false;
  for (const end = Date.now() + waitMs; !(await taken(path, identity)); await delay(LOOK_EVERY_MS)) {
    const holder = await readIdentity(path);
    if (holder === undefined || !isAlive(holder)) {
      await takeAway(path);
      continue;
    }
    if (Date.now() > end) {
      throw new StreamError('REFUSED', `Another start or stop of this stack is under way (process ${holder.pid}).`, {
        next: 'Wait for it, or end that process',
      });
    }
    if (!isTold) waiting?.(holder.pid);
    isTold = true;
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
};

const hasRoom = async (path: string): Promise<boolean> => {
  const probe = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(probe, 'x');
    return true;
  } catch (error) {
    return !saysNoSpace(messageOf(error));
  } finally {
    await rm(probe, { force: true });
  }
};

/** Makes the lock file with its content in one step, so that nobody ever sees it empty; false when it is there. */
const taken = async (path: string, identity: string): Promise<boolean> => {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, identity);
  try {
    await link(draft, path);
    return true;
  } catch {
    return false;
  } finally {
    await rm(draft, { force: true });
  }
};

/**
 * Removes the lock of a dead process. Another process may have done so and taken the lock since we looked: moved aside it
 * can be looked at in peace, and is put back when it belongs to somebody.
 */
const takeAway = async (path: string): Promise<void> => {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const holder = await readIdentity(aside);
  if (holder !== undefined && isAlive(holder)) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
};
