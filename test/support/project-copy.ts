import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../lib/functions/root.ts';
import { packagesFolder } from '../../lib/local/paths.ts';
import { begin, type Said } from './cli.ts';

const PARTS = [
  'bin',
  'lib',
  'handlers',
  'schemas',
  'connect',
  'docker-compose.yml',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** A copy of the project whose code a test may change. */
export interface ProjectCopy {
  readonly root: string;
  /** Changes a file of it. */
  edit(path: string, change: (text: string) => string): Promise<void>;
  /** Its command line, with these variables. */
  run(words: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<Said>;
  /** `npm run generate` in it. */
  generate(): Promise<Said>;
  dispose(): Promise<void>;
}

export const projectCopy = async (): Promise<ProjectCopy> => {
  const root = await mkdtemp(join(tmpdir(), 'qr-project-'));
  for (const part of PARTS) await cp(join(PROJECT_ROOT, part), join(root, part), { recursive: true });
  await symlink(join(PROJECT_ROOT, 'node_modules'), join(root, 'node_modules'));
  const shared = { QR_PACKAGES_DIR: packagesFolder() };
  return {
    root,
    edit: async (path, change) => {
      const file = join(root, path);
      const before = await readFile(file, 'utf8').catch(() => '');
      const after = change(before);
      if (after === before) throw new Error(`${path} stays as it is`);
      await writeFile(file, after);
    },
    run: (words, env = {}) =>
      begin(process.execPath, [join(root, 'bin', 'stream-manager.mjs'), ...words], { env: { ...shared, ...env } })
        .ended,
    generate: () => begin('npm', ['--prefix', root, 'run', 'generate']).ended,
    dispose: () => rm(root, { recursive: true, force: true }),
  };
};

/** Adds an event type to the catalog of a copy, with its schema file, and generates nothing. */
export const addEventType = async (copy: ProjectCopy): Promise<string> => {
  await copy.edit('lib/catalog/topics.ts', (text) =>
    text.replace("'qr.scanned': [['qrId'], ['userId']],", "$&\n      'qr.archived': [['qrId']],"),
  );
  const scanned = await readFile(join(copy.root, 'schemas', 'qr.scanned.avsc'), 'utf8');
  await copy.edit('schemas/qr.archived.avsc', () =>
    scanned.replaceAll('QrScanned', 'QrArchived').replaceAll('qr.scanned', 'qr.archived'),
  );
  return 'qr.archived';
};
