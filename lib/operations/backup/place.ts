import { readdir, readFile, rename } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { StreamError } from '../../errors.ts';
import type { Settings } from '../../settings.ts';
import { openObjects } from '../../stores/objects.ts';
import { codeOf, isMissing, newestVersion, swapVersion, TEMPORARY, writeWhole } from './folder-files.ts';

/** Where backups lie: a folder, or a bucket's objects under a prefix. Names in it are separated by `/`. */
export interface Place {
  /** As the person wrote it. */
  readonly address: string;
  /** Whether it is a folder. */
  readonly isFolder: boolean;
  /** Undefined when there is no such file. */
  get(name: string): Promise<Buffer | undefined>;
  /** Writes a file; it is there whole, or not at all. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** A file that is {@link swap}ped, as it is now; undefined when there is none. */
  getVersion(name: string): Promise<Version | undefined>;
  /**
   * Writes such a file if it still is of this version, or if there is none yet.
   *
   * @returns its version then; undefined when somebody else has written it since
   */
  swap(name: string, version: string | undefined, bytes: Uint8Array): Promise<string | undefined>;
  /** Every name under a prefix, sorted. */
  list(prefix: string): Promise<string[]>;
  close(): void;
}

/** A file as it was at a moment. */
export interface Version {
  readonly bytes: Buffer;
  /** Another one after each write. */
  readonly version: string;
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
    isFolder: false,
    get: (name) => objects.get(before + name),
    put: (name, bytes) => objects.put(before + name, bytes),
    getVersion: async (name) => {
      const found = await objects.getTagged(before + name);
      return found === undefined ? undefined : { bytes: found.body, version: found.tag };
    },
    swap: async (name, version, bytes) => {
      if (version !== undefined) return objects.replace(before + name, version, bytes);
      if (!(await objects.putNew(before + name, bytes))) return undefined;
      const written = await objects.getTagged(before + name);
      return written?.body.equals(bytes) === true ? written.tag : undefined;
    },
    list: async (under) => (await objects.list(before + under)).map((key) => key.slice(before.length)).sort(),
    close: () => objects.close(),
  };
};

const folder = (address: string): Place => {
  const root = resolve(address);
  return {
    address,
    isFolder: true,
    get: async (name) => {
      try {
        return await readFile(join(root, name));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw fileFailure(error, join(address, name));
      }
    },
    put: async (name, bytes) => {
      try {
        await writeWhole(join(root, name), bytes, rename);
      } catch (error) {
        throw fileFailure(error, join(address, name));
      }
    },
    getVersion: (name) => newestVersion(join(root, name)),
    swap: async (name, version, bytes) => {
      try {
        return await swapVersion(join(root, name), version, bytes);
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
