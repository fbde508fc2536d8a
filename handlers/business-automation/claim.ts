import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import type { DnsRecord } from './records.ts';
import { type DomainState, isOwned } from './states.ts';

/** A user's claim to a domain. Several users may claim one until one of them has verified it. */
export interface Claim {
  readonly domain: string;
  readonly userId: string;
  readonly state: DomainState;
  /** Name that the domain is to point to. */
  readonly target: string;
  /** What its TXT record is to hold. */
  readonly token: string;
  /** Number of the next look that counts, from 0. */
  readonly attempt: number;
  /** Looks in a row that got no answer. */
  readonly unanswered: number;
  /** Why it failed, a sentence for the user. */
  readonly reason: string | null;
  readonly certificate: {
    readonly arn: string;
    /** Records by which the authority sees whose domain it is; empty until it says. */
    readonly records: readonly DnsRecord[];
    /** Milliseconds since 1970; null until it is issued. */
    readonly expiresAt: number | null;
  } | null;
  /** How many certificates were requested: another one after a failure is another request to the authority. */
  readonly certificates: number;
}

/** Claims by user, as JSON. Hash tag: the domain, which is the key of its records. */
export const claimsKey = (domain: string): string => `domain:${hashTag(domain)}`;

const claimFrom = (text: string): Claim => {
  const claim: Claim = JSON.parse(text);
  return claim;
};

/** All claims to a domain. */
export const readClaims = async (redis: Redis, domain: string): Promise<Claim[]> =>
  Object.values(await redis.hgetall(claimsKey(domain))).map(claimFrom);

/** The user's claim to a domain; undefined when there is none. */
export const readClaim = async (redis: Redis, domain: string, userId: string): Promise<Claim | undefined> => {
  const text = await redis.hget(claimsKey(domain), userId);
  return text === null ? undefined : claimFrom(text);
};

/** Whether the domain is somebody else's by now. */
export const isTaken = (claims: readonly Claim[], userId: string): boolean =>
  claims.some((claim) => claim.userId !== userId && isOwned(claim.state));

/** The write that keeps a claim. */
export const keepClaim = (claim: Claim): RedisCommand => [
  'HSET',
  claimsKey(claim.domain),
  claim.userId,
  JSON.stringify(claim),
];
