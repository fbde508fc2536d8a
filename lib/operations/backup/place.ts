import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { StreamError } from '../../errors.ts';
import type { Settings } from '../../settings.ts';
import { openObjects } from '../../stores/objects.ts';

/** Where backups lie: a folder, or a bucket's objects under a prefix. Names in it are separated by `/`. */
export interface Place {
  /** As the person wrote it. */
  readonly address: string;
  /** Undefined when there is no such file. */
  get(name: string): Promise<Buffer | undefined>;
  /** Writes a file; it is there whole, or not at all. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Every name under a prefix, sorted. */
  list(prefix: string): Promise<string[]>;
  close(): void;
}

const S3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

/**
 * @param address a folder, or `s3://BUCKET/PREFIX`
 * @param settings where S3 is, if it is an emulator
 * @throws StreamError USAGE for an address that is neither
 */
export const openPlace = (address: string, settings: Pick<Settings, 'awsEndpoint'>): Place => {
  if (!/^\w+:\/\//.test(address)) return folder(address);
  const [, bucket, prefix = ''] = S3.exec(address) ?? [];
  if (bucket === undefined) {
    throw new StreamError('USAGE', `${address} is neither a folder nor s3://BUCKET/PREFIX.`);
  }
  return inBucket(address, bucket, prefix.replace(/\/+$/, ''), settings);
};

const inBucket = (address: string, bucket: string, prefix: string, settings: Pick<Settings, 'awsEndpoint'>): Place => {
  const objects = openObjects({ bucket, awsEndpoint: settings.awsEndpoint });
  const before = prefix === '' ? '' : `${prefix}/`;
  return {
    address,
    get: (name) => objects.get(before + name),
    put: (name, bytes) => objects.put(before + name, bytes),
    list: async (under) => (await objects.list(before + under)).map((key) => key.slice(before.length)).sort(),
    close: () => objects.close(),
  };
};

/** A file under way has a name of its own, which no listing shows. */
const TEMPORARY = '.part-';

const folder = (address: string): Place => {
  const root = resolve(address);
  return {
    address,
    get: async (name) => {
      try {
        return await readFile(join(root, name));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw fileFailure(error, join(address, name));
      }
    },
    put: async (name, bytes) => {
      const target = join(root, name);
      const temporary = join(dirname(target), `${TEMPORARY}${randomUUID()}`);
      try {
        await mkdir(dirname(target), { recursive: true });
        const file = await open(temporary, 'wx');
        try {
          await file.writeFile(bytes);
          // On the disk before it has its name, or a machine that dies leaves an empty file under it.
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, target);
      } catch (error) {
        throw fileFailure(error, join(address, name));
      }
    },
    list: async (under) => {
      try {
        const entries = await readdir(root, { recursive: true, withFileTypes: true });
        return entries
          .filter((entry) => entry.isFile() && !entry.name.startsWith(TEMPORARY))
          .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
          .filter((name) => name.startsWith(under))
          .sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw fileFailure(error, address);
      }
    },
    close: () => undefined,
  };
};

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user has no right to',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'there is a file where a folder is wanted',
  EROFS: 'the disk cannot be written to',
  EISDIR: 'there is a folder where a file is wanted',
};

const fileFailure = (error: unknown, path: string): unknown => {
  const code = codeOf(error);
  const reason = typeof code === 'string' ? REASONS[code] : undefined;
  if (reason === undefined) return error;
  return new StreamError('REFUSED', `${path} cannot be used: ${reason}.`, { cause: error });
};
