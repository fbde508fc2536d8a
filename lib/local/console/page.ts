import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { setupOf, stampsOf } from '../../functions/manifest.ts';
import { PROJECT_ROOT } from '../../functions/root.ts';

const SOURCES = join(PROJECT_ROOT, 'lib', 'console', 'page');

/** Names carry a hash of the content, so that a browser may keep a file for ever. */
const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'silent',
} satisfies BuildOptions;

/** What a page was made of. */
interface PageManifest {
  readonly setup: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly files: readonly string[];
}

/**
 * Bundles the page to `index.html` and the files it names. Does nothing when every input is what it was at the last run;
 * files of earlier pages stay, for servers that still run with them.
 *
 * @param outDir folder of the page
 * @throws esbuild's BuildFailure, whose message names file and line
 */
export const bundlePage = async (outDir: string): Promise<void> => {
  if (await isCurrent(outDir)) return;
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    absWorkingDir: PROJECT_ROOT,
    entryPoints: [join(SOURCES, 'main.tsx'), join(SOURCES, 'first-paint.ts')],
    outdir: outDir,
  });
  await mkdir(outDir, { recursive: true });
  for (const { path, contents } of outputFiles) await put(path, contents);
  const files = outputFiles.map(({ path }) => basename(path));
  await put(join(outDir, 'index.html'), htmlOf(files, await readFile(join(SOURCES, 'index.html'), 'utf8')));
  const manifest: PageManifest = {
    setup: await setupOf(PROJECT_ROOT),
    inputs: await stampsOf(inputsOf(Object.keys(metafile.inputs)), PROJECT_ROOT),
    files: [...files, 'index.html'],
  };
  await put(join(outDir, 'manifest.json'), JSON.stringify(manifest));
};

const inputsOf = (bundled: readonly string[]): string[] => [
  ...bundled,
  'lib/console/page/index.html',
  'lib/local/console/page.ts',
];

const isCurrent = async (outDir: string): Promise<boolean> => {
  try {
    const { setup, inputs, files }: PageManifest = JSON.parse(await readFile(join(outDir, 'manifest.json'), 'utf8'));
    if (setup !== (await setupOf(PROJECT_ROOT)) || !files.every((file) => existsSync(join(outDir, file)))) return false;
    const now = await stampsOf(Object.keys(inputs), PROJECT_ROOT);
    return Object.entries(inputs).every(([file, stamp]) => now[file] === stamp);
  } catch {
    return false;
  }
};

/** Puts the hashed names in the places of the plain ones. */
const htmlOf = (files: readonly string[], template: string): string =>
  template.replaceAll(/(main|first-paint)\.(js|css)/g, (plain, name: string, type: string) => {
    const hashed = files.find((file) => file.startsWith(`${name}-`) && file.endsWith(`.${type}`));
    return hashed ?? plain;
  });

/** By rename, so that nobody reads half of a file. */
const put = async (path: string, contents: string | Uint8Array): Promise<void> => {
  await writeFile(`${path}.${process.pid}.tmp`, contents);
  await rename(`${path}.${process.pid}.tmp`, path);
};
