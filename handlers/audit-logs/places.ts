import type { Place } from '../../lib/stores/places.ts';

/**
 * None: the audit log outlives the persons in it, as it must to prove anything, their erasure included. It names users by
 * id only, addresses by a salted hash, and is redacted before it is written.
 */
export const PLACES: readonly Place[] = [];
