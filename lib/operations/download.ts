import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { open, type ZipFile } from 'yauzl';
import { StreamError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { openObjects } from '../stores/objects.ts';

/**
 * Downloads an object to a file, which appears whole or not at all.
 *
 * @throws StreamError NOT_FOUND when there is no such object
 */
export const download = async (settings: Settings, key: string, path: string): Promise<void> => {
  const objects = openObjects(settings);
  try {
    const stream = await objects.getStream(key);
    if (stream === undefined) throw new StreamError('NOT_FOUND', `There is no object ${key}.`);
    await mkdir(dirname(path), { recursive: true });
    const draft = `${path}.part`;
    try {
      await pipeline(Readable.from(stream), createWriteStream(draft));
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
  } finally {
    objects.close();
  }
};

/** Names of the files in a zip, from its directory. */
export const zipEntries = async (path: string): Promise<string[]> => {
  const zip = await promisify<string, { lazyEntries: boolean }, ZipFile>(open)(path, { lazyEntries: true });
  const names: string[] = [];
  return new Promise((resolve, reject) => {
    zip.on('entry', ({ fileName }) => {
      names.push(fileName);
      zip.readEntry();
    });
    zip.once('end', () => resolve(names));
    zip.once('error', reject);
    zip.readEntry();
  });
};
