import type { ObjectStore } from '../objects.ts';
import type { Original } from './letter.ts';

/** The originals outlive the seven days of their topic: they lie in object storage, one object a letter. */
export const ORIGINALS_PREFIX = 'dead-letters/';

interface Layout {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export const originalKey = (id: string): string => `${ORIGINALS_PREFIX}${encodeURIComponent(id)}.json`;

/** An original as JSON, bytes in base64. */
export const originalText = ({ key, value, headers }: Original): string => {
  const layout: Layout = {
    key: key?.toString('base64') ?? null,
    value: value?.toString('base64') ?? null,
    headers: headers.map(([name, content]) => [name, content.toString('base64')]),
  };
  return JSON.stringify(layout);
};

/** Writing it again changes nothing. */
export const putOriginal = (objects: ObjectStore, id: string, original: Original): Promise<void> =>
  objects.put(originalKey(id), originalText(original), { contentType: 'application/json' });

/** @returns undefined where nothing is kept any more */
export const readOriginal = async (objects: ObjectStore, id: string): Promise<Original | undefined> => {
  const text = await objects.get(originalKey(id));
  if (text === undefined) return undefined;
  const { key, value, headers }: Layout = JSON.parse(text.toString('utf8'));
  const bytes = (base64: string | null): Buffer | null => (base64 === null ? null : Buffer.from(base64, 'base64'));
  return {
    key: bytes(key),
    value: bytes(value),
    headers: headers.map(([name, content]) => [name, Buffer.from(content, 'base64')] as const),
  };
};
