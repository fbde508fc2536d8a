import type { Redis } from '../../lib/stores/redis.ts';
import { type Claim, readClaim } from './claim.ts';
import { type DnsRecord, wantedRecords } from './records.ts';
import { domainsOfKey } from './user-domains.ts';

/** A domain as its user sees it. */
export interface DomainView extends Claim {
  /** The records its user is to set. */
  readonly wanted: readonly DnsRecord[];
}

/** The domains of a user in the order of their names, those that failed among them. */
export const domainsOf = async (redis: Redis, userId: string): Promise<DomainView[]> => {
  const names = (await redis.zrange(domainsOfKey(userId), 0, -1)).sort();
  const claims = await Promise.all(names.map((domain) => readClaim(redis, domain, userId)));
  return claims
    .filter((claim) => claim !== undefined)
    .map((claim) => ({ ...claim, wanted: [...wantedRecords(claim), ...(claim.certificate?.records ?? [])] }));
};
