import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BUNDLE_OPTIONS } from './options.ts';

/** What a bundle was made of, so that the next run can tell whether anything changed. */
export interface Manifest {
  /** Digest of the options and of the installed packages. */
  readonly setup: string;
  readonly bundles: readonly { readonly name: string; readonly source: string; readonly bytes: number }[];
  /** Every input file, relative to the project: digest of its content, or size and time of change inside packages. */
  readonly inputs: Readonly<Record<string, string>>;
}

const FILE = 'manifest.json';

/** The manifest of freshly made bundles. */
export const manifestOf = async (
  bundles: Manifest['bundles'],
  inputs: readonly string[],
  root: string,
): Promise<Manifest> => ({ setup: await setupOf(root), bundles, inputs: await stampsOf(inputs, root) });

/** The manifest of the last run; undefined when there is none that can be read. */
export const readManifest = async (outDir: string): Promise<Manifest | undefined> => {
  try {
    const parsed: Manifest = JSON.parse(await readFile(join(outDir, FILE), 'utf8'));
    return parsed.bundles && parsed.inputs ? parsed : undefined;
  } catch {
    return undefined;
  }
};

export const writeManifest = async (outDir: string, manifest: Manifest): Promise<void> => {
  await mkdir(outDir, { recursive: true });
  await writeFile(join(outDir, FILE), JSON.stringify(manifest));
};

/** Whether bundling `entries` again would give the same files, and these are still there. */
export const manifestIsCurrent = async (
  manifest: Manifest,
  entries: readonly { readonly name: string; readonly source: string }[],
  root: string,
  outDir: string,
): Promise<boolean> => {
  const covered = entries.every(
    ({ name, source }) =>
      manifest.bundles.some((known) => known.name === name && known.source === source) &&
      existsSync(join(outDir, name, 'index.mjs')),
  );
  if (!covered || manifest.setup !== (await setupOf(root))) return false;
  const now = await stampsOf(Object.keys(manifest.inputs), root).catch(() => undefined);
  return now !== undefined && Object.entries(manifest.inputs).every(([file, stamp]) => now[file] === stamp);
};

export const digest = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('base64url');
};

/** Digest of how bundles are made, and of the installed packages. */
export const setupOf = async (root: string): Promise<string> =>
  digest(JSON.stringify(BUNDLE_OPTIONS), await readFile(join(root, 'package-lock.json')).catch(() => ''));

/** What tells by file whether it is what it was: a digest of its content, or size and time inside packages. */
export const stampsOf = async (files: readonly string[], root: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await stampOf(resolve(root, file), file)] as const)),
  );

const stampOf = async (path: string, file: string): Promise<string> => {
  // esbuild's own virtual inputs have no file behind them.
  if (file.startsWith('<') || file.startsWith('(disabled)')) return 'virtual';
  if (!file.includes('node_modules/')) return digest(await readFile(path));
  const { size, mtimeMs } = await stat(path);
  return `${size}:${mtimeMs}`;
};
