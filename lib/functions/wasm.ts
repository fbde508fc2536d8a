import { readFile } from 'node:fs/promises';
import { deflateRawSync } from 'node:zlib';
import type { Plugin } from 'esbuild';

/**
 * Puts WebAssembly into a bundle as compressed text, which the module inflates when it is loaded: half of what base64
 * of the bytes would take, and a function stays one file, the same for every processor and system.
 */
export const wasmInside: Plugin = {
  name: 'wasm-inside',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.wasm$/ }, async ({ path }) => {
      const text = deflateRawSync(await readFile(path), { level: 9 }).toString('base64');
      return {
        loader: 'js',
        contents: [
          'import { inflateRawSync } from "node:zlib";',
          `export default new Uint8Array(inflateRawSync(Buffer.from("${text}", "base64")));`,
        ].join('\n'),
      };
    });
  },
};
