import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Version } from './place.ts';

/** A file under way has a name of its own, which no listing shows. */
export const TEMPORARY = '.part-';

/**
 * Writes a file that is there whole, or not at all.
 *
 * @param give gives the written file its name: `rename`, or `link` where there may be none yet
 */
export const writeWhole = async (
  target: string,
  bytes: Uint8Array,
  give: (from: string, to: string) => Promise<void>,
): Promise<void> => {
  const temporary = join(dirname(target), `${TEMPORARY}${randomUUID()}`);
  await mkdir(dirname(target), { recursive: true });
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      // On the disk before it has its name, or a machine that dies leaves an empty file under it.
      await file.sync();
    } finally {
      await file.close();
    }
    await give(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
};

/**
 * A file of which there are versions is a file for each, `NAME.1`, `NAME.2`: a link to a name that exists fails, so that of
 * two who write the same version one does. The newest always stays, so that a number never comes again.
 */
const versionsOf = async (path: string): Promise<number[]> => {
  const prefix = `${basename(path)}.`;
  const names = await readdir(dirname(path)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
};

export const newestVersion = async (path: string): Promise<Version | undefined> => {
  for (;;) {
    const newest = (await versionsOf(path)).at(-1);
    if (newest === undefined) return undefined;
    try {
      return { bytes: await readFile(`${path}.${newest}`), version: String(newest) };
    } catch (error) {
      // Replaced since the folder was read.
      if (!isMissing(error)) throw error;
    }
  }
};

/** @returns the new version; undefined when the one that is to be replaced is not the newest any more */
export const swapVersion = async (
  path: string,
  version: string | undefined,
  bytes: Uint8Array,
): Promise<string | undefined> => {
  const next = Number(version ?? 0) + 1;
  const own = `${path}.${next}`;
  try {
    await writeWhole(own, bytes, link);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  }
  const all = await versionsOf(path);
  // Somebody was further already, and has taken away what stood in the way of ours.
  if (all.some((other) => other > next)) {
    await rm(own, { force: true });
    return undefined;
  }
  for (const old of all.filter((other) => other < next)) await rm(`${path}.${old}`, { force: true });
  return String(next);
};

export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';
