import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { digest, setupOf, stampsOf } from './manifest.ts';
import { BUNDLE_OPTIONS } from './options.ts';
import { PROJECT_ROOT } from './root.ts';

/** What tells whether bundles are others than they were: a digest of the manifests beside them. */
export const codeOfBundles = async (...folders: readonly string[]): Promise<string> =>
  digest(...(await Promise.all(folders.map((folder) => readFile(join(folder, 'manifest.json')).catch(() => '')))));

/**
 * The same of programs that run from their sources: a digest of every file of the project they are made of, and of the
 * installed packages.
 *
 * @param programs absolute paths of their entries
 */
export const codeOfSources = async (programs: readonly string[]): Promise<string> => {
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    minify: false,
    sourcemap: false,
    packages: 'external',
    absWorkingDir: PROJECT_ROOT,
    entryPoints: [...programs],
    outdir: join(PROJECT_ROOT, 'dist'),
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const stamps = await stampsOf(Object.keys(metafile.inputs).sort(), PROJECT_ROOT);
  return digest(await setupOf(PROJECT_ROOT), JSON.stringify(stamps));
};
