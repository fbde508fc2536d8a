import type { Place } from '../../lib/stores/places.ts';

/** What this handler keeps of users: named, so that the proof of an erasure says what has stayed, and why. */
export const PLACES: readonly Place[] = [
  {
    name: 'audit-logs: records',
    holds:
      'Who did what: kept, because the log proves what happened, erasures included, and taking a record out would break the ' +
      'chain that proves it. It names users by id only and addresses by a salted hash; secrets are taken out before it is written',
    erase: async () => 0,
  },
];
