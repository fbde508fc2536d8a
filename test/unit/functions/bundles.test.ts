import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundleFunctions, deploymentEntries, functionEntries, PROJECT_ROOT } from '../../../lib/functions/index.ts';

const MEGABYTE = 1_000_000;

it('every function is bundled into less than 3 MB, without its source map', { timeout: 120_000 }, async () => {
  // The folder of the local stack: what is bundled there already is not bundled again.
  const entries = [...functionEntries(), ...deploymentEntries()];
  const bundles = await bundleFunctions({ outDir: join(PROJECT_ROOT, 'dist', 'functions'), entries });
  expect(bundles.map(({ name }) => name)).toEqual(entries.map(({ name }) => name));
  for (const { name, bytes } of bundles) {
    expect(bytes, name).toBeGreaterThan(0);
    expect(bytes, name).toBeLessThan(3 * MEGABYTE);
  }
});
