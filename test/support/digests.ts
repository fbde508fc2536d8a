import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Digest by path of all files under a folder, but for the indices of a broker, of which it reserves gigabytes. */
export const digestsIn = async (folder: string): Promise<Readonly<Record<string, string>>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !/\.(?:time)?index$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const found: Record<string, string> = {};
  // One after the other: a broker has thousands of files.
  for (const file of files.sort()) {
    found[file] = createHash('sha256')
      .update(await readFile(file))
      .digest('base64url');
  }
  return found;
};
