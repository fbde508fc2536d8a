import { settingsFrom } from '../../lib/settings.ts';
import type { Place } from '../../lib/stores/places.ts';
import { type Authority, openAuthority } from './authority.ts';
import { claimsKey, readClaim } from './claim.ts';
import { domainsOfKey } from './user-domains.ts';

let shared: Authority | undefined;

/** Opened when it is first needed, and kept as long as the process. */
const authorityOfProcess = (): Authority => {
  shared ??= openAuthority(settingsFrom());
  return shared;
};

/** @param authority whom to ask to delete certificates */
export const placesWith = (authority: () => Authority): readonly Place[] => [
  {
    name: 'business-automation: domains',
    holds:
      'Domains a user has added, and their certificates; one that something still uses stays with its authority until it ends',
    erase: async (userId, { redis, signal }) => {
      let erased = 0;
      for (const domain of await redis.zrange(domainsOfKey(userId), 0, -1)) {
        signal.throwIfAborted();
        const claim = await readClaim(redis, domain, userId);
        if (claim?.certificate) await authority().delete(claim.certificate.arn);
        erased += await redis.hdel(claimsKey(domain), userId);
        // Last: what was cut off before is found again.
        await redis.zrem(domainsOfKey(userId), domain);
      }
      return erased;
    },
  },
];

/** What this handler keeps of users. */
export const PLACES: readonly Place[] = placesWith(authorityOfProcess);
