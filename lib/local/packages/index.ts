import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamError } from '../../errors.ts';
import type { OnProgress } from '../progress.ts';
import { isNative, SERVICES } from '../services/index.ts';
import { type ArchiveSource, lacksArchive, makeArchive } from './archive.ts';
import { fetchMaven } from './maven.ts';
import { fetchNpm } from './npm.ts';
import { fetchNpmTree } from './npm-tree.ts';
import type { Package } from './package.ts';
import { fetchPip, pythonOf } from './pip.ts';
import { PREREQUISITES, requirePrograms } from './prerequisites.ts';
import { buildProject } from './project.ts';
import { PACKAGES } from './table.ts';

/** Written last: a folder without it was not finished. */
const COMPLETE = '.complete';

const folderOf = (root: string, { name, version }: Package): string => join(root, `${name}-${version}`);

/** A virtual environment whose Python was removed is there no more. */
const isThere = (root: string, each: Package): boolean => {
  const folder = folderOf(root, each);
  return existsSync(join(folder, COMPLETE)) && (each.source.kind !== 'pip' || existsSync(pythonOf(folder)));
};

/** The folder of a package that was fetched. */
export const packageFolder = (root: string, name: string): string => {
  const found = PACKAGES.find((each) => each.name === name);
  if (found === undefined) throw new StreamError('NOT_FOUND', `There is no package ${name}.`);
  return folderOf(root, found);
};

/**
 * Downloads what is missing, side by side; what is there costs nothing and needs no network. A download that was cut short
 * is done again from what the package managers have kept. Then makes what lets Java services start quickly, once.
 *
 * @param root folder of the packages; several stacks may share it
 * @param names the packages that are needed
 * @throws StreamError PREREQUISITE_MISSING, SERVICE_FAILED
 */
export const fetchPackages = async (root: string, names: readonly string[], onProgress: OnProgress): Promise<void> => {
  const missing = PACKAGES.filter((each) => names.includes(each.name) && !isThere(root, each));
  const kinds = new Set(missing.map(({ source }) => source.kind));
  const said = await requirePrograms([...PREREQUISITES.start, ...[...kinds].flatMap((kind) => PREREQUISITES[kind])]);
  if (missing.length > 0) {
    await mkdir(root, { recursive: true });
    const ends = await Promise.allSettled(missing.map((each) => fetchOne(root, each, onProgress)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }
  await makeArchives(root, names, said.get('java') ?? '', onProgress);
};

const makeArchives = async (
  root: string,
  names: readonly string[],
  java: string,
  onProgress: OnProgress,
): Promise<void> => {
  const lacking: ArchiveSource[] = [];
  const services = SERVICES.filter(isNative);
  for (const service of services) {
    const [jars] = service.native.packages;
    if (service.native.isJava !== true || jars === undefined || !names.includes(jars)) continue;
    const folderNamed = (name: string) => packageFolder(root, name);
    const beside = services.filter(({ name }) => service.native.trainsBeside?.includes(name));
    const source = { service, beside, folder: folderNamed(jars), packageFolder: folderNamed, java };
    // Brokers share their jars, and so the archive that the first of them makes.
    const isMade = lacking.some(({ folder }) => folder === source.folder);
    if (!isMade && (await lacksArchive(source))) lacking.push(source);
  }
  if (lacking.length === 0) return;
  const titles = lacking.map(({ service }) => service.title).join(' and ');
  onProgress({ step: 'note', text: `Preparing quick starts of ${titles}, once ...` });
  await Promise.all(lacking.map(makeArchive));
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
  // Beside its place, so that the last step is a rename: others find it whole or not at all.
  const draft = await mkdtemp(`${folder}.`);
  try {
    await fetchFrom(source, draft, report);
    await writeFile(join(draft, COMPLETE), '');
    await putInPlace(draft, folder, () => isThere(root, each));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  report(0, true);
};

const fetchFrom = (source: Package['source'], folder: string, onMegabytes: (more: number) => void): Promise<void> => {
  switch (source.kind) {
    case 'maven':
      return fetchMaven(source, folder, onMegabytes);
    case 'pip':
      return fetchPip(source, folder, onMegabytes);
    case 'npm':
      return fetchNpm(source, folder);
    case 'npm-tree':
      return fetchNpmTree(source, folder);
    case 'project':
      return buildProject(source, folder, onMegabytes);
  }
};

/** Another start may have been quicker, and may run from its download already: then that one stays. */
const putInPlace = async (draft: string, folder: string, isFilled: () => boolean): Promise<void> => {
  if (isFilled()) return;
  await rm(folder, { recursive: true, force: true });
  try {
    await rename(draft, folder);
  } catch (error) {
    if (!isFilled()) throw error;
  }
};
