import type { Settings } from '../../settings.ts';
import { createBackup } from './create.ts';
import { backupsIn, type Part, timeOf } from './manifest.ts';
import type { Place } from './place.ts';

/** What a schedule wants. */
export interface Wanted {
  readonly everyMs: number;
  readonly fullAfterMs: number;
  readonly parts: readonly Part[];
}

/**
 * One call of a schedule.
 *
 * - `made`: a backup is whole now
 * - `stopped`: it ran out of time; the next call goes on
 * - `not due`: there is nothing to do yet
 */
export type Turn =
  | { readonly state: 'made'; readonly id: string; readonly on: string | null; readonly copied: number }
  | { readonly state: 'stopped' | 'not due' };

/** Milliseconds since the newest whole backup was begun; undefined where there is none. */
export const ageOf = async (place: Place, now: number): Promise<number | undefined> => {
  const newest = (await backupsIn(place)).whole.at(-1);
  return newest === undefined ? undefined : now - timeOf(newest);
};

/**
 * Makes a backup when one is due, or goes on with one that is not whole.
 *
 * @param signal ends it, so that the next call finds all that was done
 * @throws as {@link createBackup} does
 */
export const takeTurn = async (
  settings: Settings,
  place: Place,
  { everyMs, fullAfterMs, parts }: Wanted,
  signal: AbortSignal,
  now: () => Date = () => new Date(),
): Promise<Turn> => {
  const { unfinished } = await backupsIn(place);
  const age = await ageOf(place, now().getTime());
  if (unfinished.length === 0 && age !== undefined && age < everyMs) return { state: 'not due' };
  try {
    const { manifest, copied } = await createBackup(settings, place, {
      parts,
      fullAfterMs,
      // Nothing stops a mapping in AWS for this: publishers and functions go on.
      quietly: async (work) => ({ result: await work(), wasQuiet: false }),
      onProgress: () => undefined,
      signal,
      now,
    });
    return { state: 'made', id: manifest.id, on: manifest.on, copied };
  } catch (error) {
    if (signal.aborted) return { state: 'stopped' };
    throw error;
  }
};
