import { Readable } from 'node:stream';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Settings } from '../settings.ts';
import { found, guarded, isMissing, isThere, pieces, storeError, watched } from './object-errors.ts';

const MIB = 1024 * 1024;
/** Below this an upload is one request; S3 wants parts of 5 MiB at least and takes 10,000 of them. */
const PART_BYTES = 16 * MIB;
const PARTS_AT_ONCE = 2;
/** S3 deletes at most so many keys a request. */
const DELETES_AT_ONCE = 1_000;

/** An emulator takes any region and credentials, so nobody needs to have some; the bucket stands in the path. */
export const EMULATED = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  forcePathStyle: true,
};

/** What is known of an object without reading it. */
export interface ObjectInfo {
  readonly bytes: number;
  /** ISO 8601, UTC, to the second. */
  readonly modifiedAt: string;
  /** MIME type. */
  readonly contentType: string;
  /** User metadata; names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Objects of one listing. */
export interface ObjectPage {
  readonly objects: readonly {
    readonly key: string;
    /** ISO 8601, UTC, to the second. */
    readonly modifiedAt: string;
  }[];
  /** Whether there are more after the last. */
  readonly more: boolean;
}

/** How an object is stored. */
export interface PutOptions {
  /** MIME type, `application/octet-stream` unless given. */
  readonly contentType?: string;
  /** User metadata: names in lower case, values in ASCII, 2 KB together. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The objects of one bucket. Every method throws a TransientError (OBJECT_STORE_UNAVAILABLE) when the store cannot be
 * reached, throttles, fails or denies access, and a PermanentError (REFUSED) when the request itself is wrong.
 */
export interface ObjectStore {
  /** The whole object, or undefined when there is none. */
  get(key: string): Promise<Buffer | undefined>;
  /** `length` bytes from `offset` on; from a negative `offset`: the last `-offset` bytes. Undefined when there is no object. */
  getRange(key: string, offset: number, length: number): Promise<Buffer | undefined>;
  /** The object piece by piece, or undefined when there is none. */
  getStream(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  put(key: string, body: Uint8Array | string, options?: PutOptions): Promise<void>;
  /**
   * Writes an object unless there is one (If-None-Match, S3 User Guide, "Conditional writes").
   *
   * @returns whether it was written now; an object that was there stays as it is
   */
  putNew(key: string, body: Uint8Array | string, options?: PutOptions): Promise<boolean>;
  /** An object and the tag of its version; undefined when there is none. */
  getTagged(key: string): Promise<{ readonly body: Buffer; readonly tag: string } | undefined>;
  /**
   * Writes an object that is still of this version (If-Match, S3 User Guide, "Conditional writes").
   *
   * @returns the tag of the new version; undefined when it is of another, or gone
   */
  replace(key: string, tag: string, body: Uint8Array | string): Promise<string | undefined>;
  /** Undefined when there is no such object. */
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Keys that do not exist are no error. */
  delete(keys: readonly string[]): Promise<void>;
  /** All keys under a prefix, in order; with `after` only those that come after it. */
  list(prefix: string, after?: string): Promise<string[]>;
  /** Up to 1,000 objects under a prefix, in order, with their age; with `after` those that come after that key. */
  page(prefix: string, after?: string): Promise<ObjectPage>;
  /**
   * Writes an object of unknown length: in parts when it is large, at most {@link PARTS_AT_ONCE} of 16 MiB in memory. It
   * appears whole or not at all; the parts of an upload that failed are given up. An error of `body` comes out as it is.
   */
  upload(key: string, body: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<void>;
  /** Ends the connections. */
  close(): void;
}

/** @param settings the bucket; where `awsEndpoint` is set, an emulator is spoken to, with the bucket in the path */
export const openObjects = (settings: Pick<Settings, 'bucket' | 'awsEndpoint'>): ObjectStore => {
  const client = new S3Client({
    ...(settings.awsEndpoint === undefined ? {} : { ...EMULATED, endpoint: settings.awsEndpoint }),
    maxAttempts: 3,
    // TLS and the signature protect the bytes on their way; a CRC in JavaScript for each object would cost more than its upload.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Without the last one a request past its time is only warned about and goes on.
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
      httpsAgent: { maxSockets: 50 },
    },
  });
  const Bucket = settings.bucket;
  const described = (options: PutOptions = {}) => ({
    ContentType: options.contentType ?? 'application/octet-stream',
    ...(options.metadata === undefined ? {} : { Metadata: { ...options.metadata } }),
  });
  const read = (key: string, range?: string) =>
    found(key, async () => {
      const command = new GetObjectCommand({ Bucket, Key: key, ...(range === undefined ? {} : { Range: range }) });
      return (await client.send(command)).Body;
    });
  const bytesOf = async (key: string, range?: string): Promise<Buffer | undefined> => {
    const body = await read(key, range);
    if (body === undefined) return undefined;
    const bytes = await guarded(key, () => body.transformToByteArray());
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };

  return {
    get: (key) => bytesOf(key),
    getRange: (key, offset, length) =>
      bytesOf(key, offset < 0 ? `bytes=${offset}` : `bytes=${offset}-${offset + length - 1}`),
    getStream: async (key) => {
      const body = await read(key);
      return body === undefined ? undefined : pieces(key, body.transformToWebStream());
    },
    put: (key, body, options) =>
      guarded(key, async () => {
        await client.send(new PutObjectCommand({ Bucket, Key: key, Body: body, ...described(options) }));
      }),
    putNew: async (key, body, options) => {
      // Where Object Lock keeps what is written, S3 takes nothing without a checksum (API Reference, PutObject).
      const once = { IfNoneMatch: '*', ChecksumAlgorithm: 'CRC32' } as const;
      const command = new PutObjectCommand({ Bucket, Key: key, Body: body, ...once, ...described(options) });
      try {
        await client.send(command);
        return true;
      } catch (error) {
        if (isThere(error)) return false;
        throw storeError(key, error);
      }
    },
    getTagged: (key) =>
      found(key, async () => {
        const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
        return { body: Buffer.from((await Body?.transformToByteArray()) ?? []), tag: ETag ?? '' };
      }),
    replace: async (key, tag, body) => {
      try {
        const command = new PutObjectCommand({ Bucket, Key: key, Body: body, IfMatch: tag, ...described() });
        return (await client.send(command)).ETag;
      } catch (error) {
        if (isThere(error) || isMissing(error)) return undefined;
        throw storeError(key, error);
      }
    },
    head: (key) =>
      found(key, async () => {
        const head = await client.send(new HeadObjectCommand({ Bucket, Key: key }));
        return {
          bytes: head.ContentLength ?? 0,
          modifiedAt: (head.LastModified ?? new Date(0)).toISOString(),
          contentType: head.ContentType ?? 'application/octet-stream',
          metadata: head.Metadata ?? {},
        };
      }),
    delete: async (keys) => {
      for (let from = 0; from < keys.length; from += DELETES_AT_ONCE) {
        const part = keys.slice(from, from + DELETES_AT_ONCE);
        await guarded(part[0] ?? '', () =>
          client.send(
            new DeleteObjectsCommand({ Bucket, Delete: { Objects: part.map((Key) => ({ Key })), Quiet: true } }),
          ),
        );
      }
    },
    list: async (prefix, after) => {
      const keys: string[] = [];
      for (let token: string | undefined, more = true; more; ) {
        const page = await guarded(prefix, () =>
          client.send(
            new ListObjectsV2Command({
              Bucket,
              Prefix: prefix,
              ...(after === undefined ? {} : { StartAfter: after }),
              ...(token === undefined ? {} : { ContinuationToken: token }),
            }),
          ),
        );
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
        token = page.NextContinuationToken;
        more = token !== undefined;
      }
      return keys;
    },
    page: async (prefix, after) => {
      const page = await guarded(prefix, () =>
        client.send(
          new ListObjectsV2Command({ Bucket, Prefix: prefix, ...(after === undefined ? {} : { StartAfter: after }) }),
        ),
      );
      const found = (page.Contents ?? []).flatMap(({ Key, LastModified }) =>
        Key === undefined ? [] : [{ key: Key, modifiedAt: (LastModified ?? new Date()).toISOString() }],
      );
      return { objects: found, more: page.IsTruncated === true };
    },
    upload: async (key, body, options) => {
      const source = watched(body);
      const stream = Readable.from(source.pieces);
      const params = { Bucket, Key: key, Body: stream, ...described(options) };
      try {
        await new Upload({ client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done();
      } catch (error) {
        const own = source.failure();
        throw own === undefined ? storeError(key, error) : own.error;
      } finally {
        // The body may hold things open; after a failed request nobody reads on.
        stream.destroy();
      }
    },
    close: () => client.destroy(),
  };
};
