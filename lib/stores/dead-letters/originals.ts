import type { ObjectStore } from '../objects.ts';
import type { DeadLetter, Original } from './letter.ts';

/**
 * The originals outlive the seven days of their topic: they lie in object storage, one object a letter, together with the
 * letter, so that a Redis that has lost its data can get the index back.
 */
export const ORIGINALS_PREFIX = 'dead-letters/';

/** What is kept of a letter. */
export interface Kept {
  readonly letter: DeadLetter;
  readonly owner?: string | undefined;
  readonly users: readonly string[];
  readonly correlationId?: string | undefined;
  /** The record as it is to be put back. */
  readonly original: Original;
  /** The record as it failed first, where a person has replaced its payload since. */
  readonly unpatched?: Original | undefined;
}

/** A record in JSON: bytes in base64. */
export interface OriginalLayout {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Milliseconds since 1970. */
  readonly timestamp?: number;
}

interface Layout extends Omit<Kept, 'original' | 'unpatched'> {
  readonly original: OriginalLayout;
  readonly unpatched?: OriginalLayout;
}

export const originalKey = (id: string): string => `${ORIGINALS_PREFIX}${encodeURIComponent(id)}.json`;

/** The id in the key of an object. */
export const idInKey = (key: string): string =>
  decodeURIComponent(key.slice(ORIGINALS_PREFIX.length).replace(/\.json$/, ''));

export const originalLayout = ({ key, value, headers, timestamp }: Original): OriginalLayout => ({
  ...(timestamp === undefined ? {} : { timestamp }),
  key: key?.toString('base64') ?? null,
  value: value?.toString('base64') ?? null,
  headers: headers.map(([name, content]) => [name, content.toString('base64')]),
});

const bytesOf = (base64: string | null): Buffer | null => (base64 === null ? null : Buffer.from(base64, 'base64'));

const originalOf = ({ key, value, headers, timestamp }: OriginalLayout): Original => ({
  ...(timestamp === undefined ? {} : { timestamp }),
  key: bytesOf(key),
  value: bytesOf(value),
  headers: headers.map(([name, content]) => [name, Buffer.from(content, 'base64')] as const),
});

/** Keeps a letter with its record. Writing it again changes nothing. */
export const keepLetter = (objects: ObjectStore, { original, unpatched, ...rest }: Kept): Promise<void> => {
  const layout: Layout = {
    ...rest,
    original: originalLayout(original),
    ...(unpatched === undefined ? {} : { unpatched: originalLayout(unpatched) }),
  };
  return objects.put(originalKey(rest.letter.id), JSON.stringify(layout), { contentType: 'application/json' });
};

/** @returns undefined where nothing is kept any more */
export const readKept = async (objects: ObjectStore, id: string): Promise<Kept | undefined> => {
  const text = await objects.get(originalKey(id));
  if (text === undefined) return undefined;
  const { original, unpatched, ...rest }: Layout = JSON.parse(text.toString('utf8'));
  return {
    ...rest,
    original: originalOf(original),
    ...(unpatched === undefined ? {} : { unpatched: originalOf(unpatched) }),
  };
};

/**
 * A kept letter whose records have other values; all else stays to the byte.
 *
 * @param text as {@link keepLetter} writes it
 */
export const withOtherValues = (text: string, change: (value: Buffer | null) => Buffer | null): string => {
  const layout: Layout = JSON.parse(text);
  const changed = (record: OriginalLayout): OriginalLayout => ({
    ...record,
    value: change(bytesOf(record.value))?.toString('base64') ?? null,
  });
  return JSON.stringify({
    ...layout,
    original: changed(layout.original),
    ...(layout.unpatched === undefined ? {} : { unpatched: changed(layout.unpatched) }),
  });
};

/** The record of a letter; undefined where it is not kept any more. */
export const readOriginal = async (objects: ObjectStore, id: string): Promise<Original | undefined> =>
  (await readKept(objects, id))?.original;
