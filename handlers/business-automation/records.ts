import { createHash } from 'node:crypto';
import { isApex } from './names.ts';

/** A DNS record that a user is to set. */
export interface DnsRecord {
  /** `ALIAS` stands for what a provider calls its CNAME for a domain itself: ALIAS, ANAME, flattening. */
  readonly type: 'CNAME' | 'ALIAS' | 'TXT';
  readonly name: string;
  readonly value: string;
}

/** Where the challenge of a domain is looked for. */
export const challengeName = (domain: string): string => `_qr-challenge.${domain}`;

/**
 * What proves that whoever added a domain can change its records. It follows from the random id of the event that added it,
 * so that a record that is worked again shows the user the same.
 */
export const challengeToken = (eventId: string, domain: string, userId: string): string =>
  `qr-verification=${createHash('sha256').update([eventId, domain, userId].join('\0')).digest('hex').slice(0, 32)}`;

/** The records a user is to set for a domain. */
export const wantedRecords = ({
  domain,
  target,
  token,
}: {
  readonly domain: string;
  readonly target: string;
  readonly token: string;
}): DnsRecord[] => [
  { type: isApex(domain) ? 'ALIAS' : 'CNAME', name: domain, value: target },
  { type: 'TXT', name: challengeName(domain), value: token },
];
