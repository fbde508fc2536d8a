import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StreamError } from '../errors.ts';
import { identityOf, isAlive, readIdentity } from './native/identity.ts';

const LOOK_EVERY_MS = 100;

/**
 * Runs `work` while no other process works under the same file. Of a process that died without tidying up the file is
 * taken over.
 *
 * @param waitMs how long to wait for another process
 * @throws StreamError REFUSED when it takes longer
 */
export const exclusively = async <Result>(
  path: string,
  waitMs: number,
  work: () => Promise<Result>,
): Promise<Result> => {
  await mkdir(dirname(path), { recursive: true });
  const identity = JSON.stringify(await identityOf(process.pid));
  for (const end = Date.now() + waitMs; !(await taken(path, identity)); await delay(LOOK_EVERY_MS)) {
    const holder = await readIdentity(path);
    if (holder !== undefined && !(await isAlive(holder))) await rm(path, { force: true });
    else if (Date.now() > end) {
      throw new StreamError('REFUSED', `Another start or stop of this stack is under way (process ${holder?.pid}).`, {
        next: 'Wait for it, or end that process',
      });
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
};

const taken = async (path: string, identity: string): Promise<boolean> => {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(identity);
    await file.close();
    return true;
  } catch {
    return false;
  }
};
