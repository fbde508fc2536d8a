import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { bundleConsole } from '../../../lib/local/console/bundle.ts';

/** Bytes of a module with everything it cannot be loaded without. */
const bytesOf = async (file: string, seen: Set<string> = new Set()): Promise<number> => {
  if (seen.has(file)) return 0;
  seen.add(file);
  const text = await readFile(file, 'utf8');
  const needed = [...text.matchAll(/(?:from|import)"(\.\/[^"]+\.mjs)"/g)].map(([, path]) =>
    join(dirname(file), path ?? ''),
  );
  let sum = Buffer.byteLength(text);
  for (const each of needed) sum += await bytesOf(each, seen);
  return sum;
};

it('the server of the console starts without what only its views need: that is nine tenths of it', {
  timeout: 60_000,
}, async () => {
  const { server } = await bundleConsole();
  const atStart = await bytesOf(server);
  expect(atStart).toBeGreaterThan(40_000);
  expect(atStart).toBeLessThan(200_000);
});
