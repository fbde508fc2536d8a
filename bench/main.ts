import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Runs a benchmark of this folder: `npm run bench -- NAME [OPTIONS]`. */
const folder = fileURLToPath(new URL('.', import.meta.url));
const NOT_BENCHMARKS = new Set(['main', 'scan-batches']);
const names = readdirSync(folder)
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => !NOT_BENCHMARKS.has(name));
const [name = '', ...rest] = process.argv.slice(2);
if (!names.includes(name) || !existsSync(`${folder}${name}.ts`)) {
  console.error(`${name === '' ? 'Name a benchmark' : `There is no benchmark ${name}`}: ${names.join(', ')}.`);
  process.exitCode = 2;
} else {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', `${folder}${name}.ts`, ...rest], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
