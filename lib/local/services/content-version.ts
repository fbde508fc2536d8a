import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Names the content of files: another content is another version. Their order does not count. */
export const contentVersion = (folder: string, files: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) hash.update(`${relative(folder, file)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
};
