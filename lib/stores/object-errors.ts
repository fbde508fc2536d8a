import type { ReadableStream } from 'node:stream/web';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { messageOf, PermanentError, TransientError } from '../errors.ts';

/** A body that remembers what it failed with, to tell its own failure from one of the store. */
export const watched = (body: AsyncIterable<Uint8Array>) => {
  let failure: { readonly error: unknown } | undefined;
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  return { pieces: read(), failure: () => failure };
};

/** Reads on, with the errors of the store turned into ours. */
export async function* pieces(key: string, stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await guarded(key, () => reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops half-way gives the connection back.
    await reader.cancel().catch(() => undefined);
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');

/** 412: the condition does not hold. 409, two writers at the same moment, is tried again as any failure is. */
export const isThere = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;

export const found = async <T>(key: string, work: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storeError(key, error);
  }
};

export const guarded = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw storeError(key, error);
  }
};

/** Answers that blame the request itself; a missing right or bucket is the deployment's fault and may be mended. */
const REFUSALS = [400, 405, 411, 412, 413, 416];

export const storeError = (key: string, error: unknown): Error => {
  if (error instanceof TransientError || error instanceof PermanentError) return error;
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : messageOf(error);
  if (status !== undefined && REFUSALS.includes(status)) {
    return new PermanentError('REFUSED', `The object store refuses ${key}: ${said}`, { cause: error });
  }
  return new TransientError('OBJECT_STORE_UNAVAILABLE', `The object store has no answer for ${key}: ${said}`, {
    next: 'Check that the store is up and that this function may use the bucket',
    cause: error,
  });
};
