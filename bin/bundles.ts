import { join } from 'node:path';
import { exitCodeOf, tell } from '../lib/cli/failure.ts';
import { number } from '../lib/cli/format.ts';
import { table } from '../lib/cli/table.ts';
import { print, printJson } from '../lib/cli/terminal.ts';
import { StreamError } from '../lib/errors.ts';
import {
  bundleFunctions,
  coldImportMs,
  deploymentEntries,
  functionEntries,
  PROJECT_ROOT,
} from '../lib/functions/index.ts';

/**
 * `npm run bundles`: bundles the functions as they are shipped, and tells how large each is without its source map and how
 * long a new process takes to load it. `--json` prints the same as data.
 */
const main = async (args: readonly string[]): Promise<void> => {
  const unknown = args.find((arg) => arg !== '--json');
  if (unknown !== undefined) {
    throw new StreamError('USAGE', `npm run bundles does not know ${unknown}.`, { next: 'It takes --json only' });
  }
  const bundles = await bundleFunctions({
    outDir: join(PROJECT_ROOT, 'dist', 'functions'),
    entries: [...functionEntries(), ...deploymentEntries()],
  });
  const rows: { readonly name: string; readonly bytes: number; readonly importMs: number }[] = [];
  // One after the other: side by side they would take each other's time.
  for (const bundle of bundles) {
    rows.push({ name: bundle.name, bytes: bundle.bytes, importMs: Math.round(await coldImportMs(bundle)) });
  }
  if (args.includes('--json')) return printJson(rows);
  const columns = ['FUNCTION', { head: 'BYTES', align: 'right' }, { head: 'IMPORT (ms)', align: 'right' }] as const;
  print(
    table(
      columns,
      rows.map(({ name, bytes, importMs }) => [name, number(bytes), number(importMs)]),
    ),
  );
  print(
    `\nWithout source maps; loaded by Node ${process.versions.node} on ${process.arch}, the fastest of three tries.`,
  );
};

try {
  await main(process.argv.slice(2));
} catch (error) {
  tell(error);
  process.exitCode = exitCodeOf(error);
}
