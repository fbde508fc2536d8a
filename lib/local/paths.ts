import { join, resolve } from 'node:path';
import { StreamError } from '../errors.ts';
import { PROJECT_ROOT } from '../functions/root.ts';

/** Where a stack keeps its things. */
export interface StackPaths {
  readonly root: string;
  /** What the services store; `stop --wipe` deletes it. */
  readonly data: string;
  /** Process ids and {@link StackPaths.state}. */
  readonly run: string;
  readonly logs: string;
  /** Results of the demo. */
  readonly demo: string;
  /** Which engine and ports the stack has. */
  readonly state: string;
  /** Which optional services it has. */
  readonly extras: string;
  /** What outlives a stop: see remembered.ts. */
  readonly remembered: string;
}

/** PostgreSQL's tools refuse line breaks; the schema registry's database, H2, takes a backslash for a slash on every system. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const IMPOSSIBLE = /[\\\u0000-\u001f\u007f]/;

/**
 * @param dataDir the stack's folder; `QR_DATA_DIR`, else `.streams` in the project
 * @throws StreamError USAGE for a name that not every service can be given
 */
export const stackPaths = (dataDir: string | undefined, env: NodeJS.ProcessEnv = process.env): StackPaths => {
  const root = resolve(dataDir ?? env.QR_DATA_DIR ?? join(PROJECT_ROOT, '.streams'));
  if (IMPOSSIBLE.test(root)) {
    throw new StreamError(
      'USAGE',
      'The name of a data folder cannot have a backslash, a line break or another control character.',
    );
  }
  return {
    root,
    data: join(root, 'data'),
    run: join(root, 'run'),
    logs: join(root, 'logs'),
    demo: join(root, 'demo'),
    state: join(root, 'run', 'stack.json'),
    extras: join(root, 'run', 'with.json'),
    remembered: join(root, 'run', 'remembered.json'),
  };
};

/** Where downloaded components lie, for all stacks: `QR_PACKAGES_DIR`, else `.streams/packages` in the project. */
export const packagesFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  resolve(env.QR_PACKAGES_DIR ?? join(PROJECT_ROOT, '.streams', 'packages'));
