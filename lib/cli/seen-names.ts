import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stackPaths } from '../local/paths.ts';
import type { StackChoice } from './stack.ts';

/** Names that are not in the catalog, and that completion offers all the same. */
export type SeenKind = 'topics' | 'groups';

// A shell puts the name into the command line as it is: nothing in it may mean something to the shell.
const PLAIN = /^[a-zA-Z0-9._][a-zA-Z0-9._-]*$/;

const folderOf = ({ dataDir }: StackChoice): string => join(stackPaths(dataDir).run, 'names');

const read = (path: string): Promise<readonly string[]> =>
  readFile(path, 'utf8').then(
    (text) => text.split('\n').filter((name) => name !== ''),
    () => [],
  );

/**
 * Leaves names of a local stack where the scripts of shell completion look, so that completing asks no broker. It is no
 * part of what a command does: where nothing can be written, nothing happens.
 *
 * @param change from the names left before to those there are
 */
export const rememberNames = async (
  choice: StackChoice,
  kind: SeenKind,
  change: (before: readonly string[]) => readonly string[],
): Promise<void> => {
  if (choice.env !== undefined) return;
  const folder = folderOf(choice);
  const path = join(folder, kind);
  const names = [...new Set(change(await read(path)))].filter((name) => PLAIN.test(name));
  await mkdir(folder, { recursive: true })
    .then(() => writeFile(path, names.map((name) => `${name}\n`).join('')))
    .catch(() => undefined);
};

/** Forgets the names of a stack whose data are deleted. */
export const forgetNames = (choice: StackChoice): Promise<void> =>
  rm(folderOf(choice), { recursive: true, force: true }).catch(() => undefined);
