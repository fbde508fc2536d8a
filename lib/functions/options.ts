import type { BuildOptions } from 'esbuild';
import { wasmInside } from './wasm.ts';

/** The Node version the bundles are made for: the oldest that runs them, on Lambda and on a laptop. */
const TARGET = 'node20';

/**
 * CommonJS packages inside an ESM bundle call `require` for Node's own modules and read `__dirname`; ESM has neither.
 * https://github.com/evanw/esbuild/pull/2067
 */
const BANNER = [
  'import{createRequire as $createRequire}from"node:module";',
  'import{fileURLToPath as $fileURLToPath}from"node:url";',
  'const require=$createRequire(import.meta.url);',
  'const __filename=$fileURLToPath(import.meta.url);',
  'const __dirname=$fileURLToPath(new URL(".",import.meta.url));',
].join('');

/** How every function is bundled, locally and for AWS: the one place that says so. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: TARGET,
  minify: true,
  // Class and function names appear in error types, logs and metrics.
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  plugins: [wasmInside],
  mainFields: ['module', 'main'],
  banner: { js: BANNER },
  outExtension: { '.js': '.mjs' },
} satisfies BuildOptions;
