import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { BACKUP, DEPLOYMENT_FUNCTIONS, SCHEDULED_FUNCTIONS, TOPICS, UPDATES } from '../catalog/index.ts';
import { type Manifest, manifestIsCurrent, manifestOf, readManifest, writeManifest } from './manifest.ts';
import { BUNDLE_OPTIONS } from './options.ts';
import { PROJECT_ROOT } from './root.ts';

/** One function to bundle. */
export interface BundleEntry {
  /** Function name: of a handler its topic's; also the folder of the bundle. */
  readonly name: string;
  /** Absolute path of the module that exports `handler`. */
  readonly source: string;
}

/** A bundled function, ready for `LAMBDA_TASK_ROOT`. */
export interface Bundle {
  readonly name: string;
  /** Folder with `index.mjs` and `index.mjs.map`. */
  readonly folder: string;
  /** Bytes of `index.mjs`. */
  readonly bytes: number;
}

export interface BundleRequest {
  /** Folder that gets one sub-folder a function. */
  readonly outDir: string;
  /** What to bundle; the functions of the catalog unless given. */
  readonly entries?: readonly BundleEntry[];
  /**
   * Of a single entry: what it imports only when it needs it becomes a file of its own beside `index.mjs`, and takes no
   * memory before. Files of earlier bundles stay, for processes that still run with them.
   */
  readonly splits?: boolean;
}

/** The functions of the catalog: of the topics whose handler folder exists, and those that rules start. */
export const functionEntries = (root: string = PROJECT_ROOT): readonly BundleEntry[] => [
  ...TOPICS.flatMap(({ name, handler }) => {
    const source = join(root, 'handlers', handler, 'index.ts');
    return existsSync(source) ? [{ name, source }] : [];
  }),
  ...SCHEDULED_FUNCTIONS.map(({ name, entry }) => ({ name, source: join(root, entry) })),
];

/** The functions that only AWS has: those that CloudFormation calls while it deploys, and the one that makes backups. */
export const deploymentEntries = (root: string = PROJECT_ROOT): readonly BundleEntry[] =>
  [...DEPLOYMENT_FUNCTIONS, BACKUP].map(({ name, entry }) => ({ name, source: join(root, entry) }));

/** The server of the updates API, which is no function but is bundled as they are. */
export const updatesEntry = (root: string = PROJECT_ROOT): BundleEntry => ({
  name: UPDATES.name,
  source: join(root, 'lib', 'updates', 'main.ts'),
});

/**
 * Bundles each entry to `<outDir>/<name>/index.mjs` with its source map beside it. Does nothing when every input is what
 * it was at the last run; files are put in place by rename, so that a reader never sees half of one.
 *
 * @returns one bundle an entry, in the order of the entries
 * @throws esbuild's BuildFailure, whose message names file and line
 */
export const bundleFunctions = async (request: BundleRequest): Promise<readonly Bundle[]> => {
  const { outDir, splits = false } = request;
  const entries = request.entries ?? functionEntries();
  if (entries.length === 0) return [];
  const known = await readManifest(outDir);
  if (known && (await manifestIsCurrent(known, entries, PROJECT_ROOT, outDir)))
    return bundlesOf(known, entries, outDir);
  const manifest = await bundle(entries, outDir, splits);
  await writeManifest(outDir, manifest);
  return bundlesOf(manifest, entries, outDir);
};

const bundle = async (entries: readonly BundleEntry[], outDir: string, splits: boolean): Promise<Manifest> => {
  const result = await build({
    ...BUNDLE_OPTIONS,
    // In the folder of the entry: a module may find the project from where it lies.
    ...(splits ? { splitting: true, chunkNames: `${entries[0]?.name}/[name]-[hash]` } : {}),
    absWorkingDir: PROJECT_ROOT,
    entryPoints: entries.map(({ name, source }) => ({ in: source, out: `${name}/index` })),
    outdir: outDir,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  await Promise.all(result.outputFiles.map(({ path, contents }) => put(path, contents)));
  const bytes = new Map(result.outputFiles.map(({ path, contents }) => [path, contents.byteLength]));
  return manifestOf(
    entries.map((entry) => ({ ...entry, bytes: bytes.get(resolve(outDir, entry.name, 'index.mjs')) ?? 0 })),
    Object.keys(result.metafile.inputs),
    PROJECT_ROOT,
  );
};

const put = async (path: string, contents: Uint8Array): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, contents);
  await rename(draft, path);
};

const bundlesOf = (manifest: Manifest, entries: readonly BundleEntry[], outDir: string): readonly Bundle[] =>
  entries.map(({ name }) => ({
    name,
    folder: resolve(outDir, name),
    bytes: manifest.bundles.find((known) => known.name === name)?.bytes ?? 0,
  }));
