// The command line as one program, made of its sources whenever they have changed: Node loads it three times as fast.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = dirname(import.meta.dirname);
const FOLDER = join(ROOT, 'dist', 'cli');
const RECORD = join(FOLDER, 'made-of.json');
/** As deep as where it is put, so that its source maps find the sources; nothing is written there. */
const MADE = join(FOLDER, 'made');
/** What the program depends on beside the sources it is made of. */
const OTHERS = ['bin/bundled.mjs', 'package-lock.json', 'tsconfig.json'];
/** Programs of earlier sources stay for the commands that still run: a module is loaded when it is needed first. */
const KEPT_MS = 24 * 3_600_000;

const stampOf = (file) => {
  const { size, mtimeMs } = statSync(join(ROOT, file));
  return `${size}:${mtimeMs}`;
};

/** The program that was made last, where every file it was made of is as it was, in the same project folder. */
const current = () => {
  try {
    const { root, program, files } = JSON.parse(readFileSync(RECORD, 'utf8'));
    const isSame = root === ROOT && Object.entries(files).every(([file, stamp]) => stampOf(file) === stamp);
    return isSame && existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
};

/** Sources that look for files of the project from where they lie find them from the program too. */
const places = {
  name: 'places-of-sources',
  setup: (build) =>
    build.onLoad({ filter: /[\\/](?:lib|handlers)[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!/import\.meta\.(?:dirname|url)/.test(text)) return undefined;
      const contents = text
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: 'ts' };
    }),
};

const make = async () => {
  const { build } = await import('esbuild');
  const { metafile, outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['lib/cli/main.ts'],
    outdir: MADE,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    // The names of error classes are part of what is told.
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [places],
    loader: { '.wasm': 'binary' },
    outExtension: { '.js': '.mjs' },
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const inputs = [...Object.keys(metafile.inputs), ...OTHERS];
  const files = Object.fromEntries(inputs.map((file) => [file, stampOf(file)]));
  const name = createHash('sha256')
    .update(JSON.stringify([ROOT, files]))
    .digest('hex')
    .slice(0, 16);
  const folder = join(FOLDER, name);
  if (!existsSync(folder)) put(folder, outputFiles);
  const program = join(folder, 'main.mjs');
  const draft = `${RECORD}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ root: ROOT, program, files }));
  renameSync(draft, RECORD);
  forgetOld(name);
  return program;
};

/** All of it or nothing: another command may be making the same. */
const put = (folder, outputFiles) => {
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(join(draft, path.slice(MADE.length + 1)), contents);
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
};

const forgetOld = (name) => {
  for (const other of readdirSync(FOLDER, { withFileTypes: true })) {
    const path = join(FOLDER, other.name);
    if (!other.isDirectory() || other.name === name || Date.now() - statSync(path).mtimeMs < KEPT_MS) continue;
    rmSync(path, { recursive: true, force: true });
  }
};

/** Its address; undefined where it cannot be made, as in a project folder that cannot be written to. */
export const bundled = async () => {
  try {
    return pathToFileURL(current() ?? (await make())).href;
  } catch {
    return undefined;
  }
};
