import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { settingsFrom } from '../settings.ts';
import type { Bundle } from './bundle.ts';
import { functionEnvironment } from './environment.ts';

const run = promisify(execFile);

/** Tries of one bundle: the machine does other things too. */
const TRIES = 3;

/** Prints how long the module takes, and ends: some open connections as soon as they are loaded. */
const PROGRAM = `const begun = performance.now();
await import(process.argv[1]);
process.stdout.write(String(performance.now() - begun), () => process.exit(0));`;

/**
 * How long a new process takes to load a bundle, with the variables a function gets: what a cold start adds to the start
 * of Node itself. The fastest of three tries, in milliseconds, on this machine's processor.
 *
 * @throws when the module fails while it is loaded
 */
export const coldImportMs = async ({ name, folder }: Bundle): Promise<number> => {
  const module = pathToFileURL(join(folder, 'index.mjs')).href;
  const variables = functionEnvironment({ name, settings: settingsFrom({}) });
  const tries: number[] = [];
  for (let i = 0; i < TRIES; i += 1) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', PROGRAM, module], {
      env: { PATH: process.env.PATH, AWS_REGION: 'us-east-1', NODE_NO_WARNINGS: '1', ...variables },
    });
    tries.push(Number(stdout));
  }
  return Math.min(...tries);
};
