import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openStack, type Stack } from '../lib/local/stack.ts';
import { compactSoon } from './support/eager-cleaner.ts';
import { freePortVariables } from './support/ports.ts';
import type {} from './support/provided.ts';

/** One stack for all suites of a run, from the first that needs it to the last that lets it go. */
interface Shared {
  readonly stack: Promise<Stack>;
  users: number;
}

declare global {
  // Each suite loads this file anew, in the same process.
  var testStackInUse: Shared | undefined;
}

const start = async (): Promise<Stack> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'qr-streams-test-'));
  // Redis as in AWS: what belongs together must lie in one slot, and every test shows it.
  const env = { ...process.env, ...(await freePortVariables()), REDIS_MODE: 'cluster' };
  const stack = await openStack({ dataDir, engine: 'native', extras: ['connect'], env });
  const begun = performance.now();
  const fetched = new Set<string>();
  try {
    await stack.start((progress) => {
      if (progress.step !== 'fetch' || fetched.has(progress.name)) return;
      fetched.add(progress.name);
      console.log(`downloading ${progress.name} (about ${progress.total} MB)`);
    });
    await compactSoon(stack.settings);
  } catch (error) {
    // Nobody else would stop what had been started by then.
    await stack.stop({ wipe: true });
    throw error;
  }
  console.log(`test stack up after ${((performance.now() - begun) / 1_000).toFixed(1)} s, in ${dataDir}`);
  return stack;
};

const provided = ({ settings, paths, functionsUrl, consoleUrl }: Stack) => ({
  settings,
  dataDir: paths.root,
  functionsUrl,
  consoleUrl,
});

/**
 * Starts the native engine on free ports in a folder of its own; nothing that runs on this machine is touched. While one
 * works on a test, `QR_TEST_STACK=DIR` spares the start: the stack of that folder is used, and left running.
 */
export default async ({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const { QR_TEST_STACK: running } = process.env;
  if (running !== undefined) {
    provide('stack', provided(await openStack({ dataDir: running })));
    return undefined;
  }
  globalThis.testStackInUse ??= { stack: start(), users: 0 };
  const shared = globalThis.testStackInUse;
  shared.users += 1;
  const stack = await shared.stack;
  provide('stack', provided(stack));
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    globalThis.testStackInUse = undefined;
    await stack.stop({ wipe: true });
    await rm(stack.paths.root, { recursive: true, force: true });
  };
};
