import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StreamError } from '../../errors.ts';
import { run } from '../run.ts';
import { npmReason } from './npm.ts';
import type { NpmTreeSource } from './package.ts';

/** Nothing of the packages is run, and nothing is fetched that they can do without. */
const FLAGS = ['--omit=dev', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs what a lock file names into a folder; npm compares each archive with the checksum in it.
 *
 * @throws StreamError SERVICE_FAILED with npm's own reason
 */
export const fetchNpmTree = async ({ project }: NpmTreeSource, folder: string): Promise<void> => {
  for (const name of ['package.json', 'package-lock.json']) await copyFile(join(project, name), join(folder, name));
  const { code, output } = await run('npm', ['ci', '--prefix', folder, ...FLAGS]);
  if (code === 0) return;
  throw new StreamError('SERVICE_FAILED', `npm could not install ${basename(project)}: ${npmReason(output)}`, {
    next: 'Check the network and npm’s settings, then start again',
  });
};
