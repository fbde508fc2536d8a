import { type Manifest, readManifest, requireManifest, timeOf } from './manifest.ts';
import type { Place } from './place.ts';

/** The backup at the beginning of a chain, which stands alone. */
export const rootOf = async (place: Place, manifest: Manifest): Promise<string> => {
  if (manifest.root !== undefined) return manifest.root;
  let current = manifest;
  while (current.on !== null) {
    const before = await readManifest(place, current.on);
    // Gone, and the chain with it: a new one is begun.
    if (before === undefined) return current.on;
    current = before;
  }
  return current.id;
};

/** What a new backup builds on. */
export interface Base {
  readonly on: string | null;
  /** Of the chain it joins; undefined where it begins one. */
  readonly root: string | undefined;
}

/**
 * Builds on the newest one, unless its chain has become too old: then a new one begins, so that old files are needed by
 * nobody after a time that can be told beforehand.
 *
 * @param on an id, `none`, or undefined for the newest
 * @param fullAfterMs age of a chain, by its first backup
 * @throws StreamError NOT_FOUND, REFUSED for an id that is no whole backup
 */
export const baseOf = async (
  place: Place,
  whole: readonly string[],
  on: string | undefined,
  fullAfterMs: number,
  now: number,
): Promise<Base> => {
  const id = on === 'none' ? undefined : (on ?? whole.at(-1));
  if (id === undefined) return { on: null, root: undefined };
  const root = await rootOf(place, await requireManifest(place, id));
  return on === undefined && now - timeOf(root) >= fullAfterMs ? { on: null, root: undefined } : { on: id, root };
};
