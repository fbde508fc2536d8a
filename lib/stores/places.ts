import type { ObjectStore } from './objects.ts';
import type { Redis } from './redis.ts';

/** What an erasure works on. */
export interface PlaceStores {
  readonly redis: Redis;
  readonly objects: ObjectStore;
  /** Aborted when the time is up: what was deleted by then stays deleted, and the erasure goes on later. */
  readonly signal: AbortSignal;
}

/**
 * A place where data of users lie. Every handler declares its places in `places.ts`; the erasure of a user goes through all
 * of them, so a handler that keeps something of a user elsewhere breaks the law.
 */
export interface Place {
  /** Unique, e.g. `notifications: preferences`. */
  readonly name: string;
  /** What lies there, one sentence, for the proof of erasure. */
  readonly holds: string;
  /**
   * Deletes what is the user's, in batches.
   *
   * @returns how many things were deleted; called again it deletes what is left
   */
  readonly erase: (userId: string, stores: PlaceStores) => Promise<number>;
}
