import type { Claim } from './claim.ts';
import type { Answer, Lookups } from './lookups.ts';
import { challengeName, type DnsRecord, wantedRecords } from './records.ts';

/** A record that is not yet there. */
export interface Missing {
  readonly record: DnsRecord;
  /** What is there instead. */
  readonly found: readonly string[];
}

/** What a look at the records of a domain came to. */
export type Inspection =
  | { readonly result: 'complete' }
  | { readonly result: 'incomplete'; readonly missing: readonly Missing[] }
  /** Servers gave no answer to what would have decided it. */
  | { readonly result: 'unanswered' };

/** Looks at the records of a domain: whose it is (TXT), and where it leads (CNAME, or the addresses of its target). */
export const inspect = async (
  { domain, target, token }: Pick<Claim, 'domain' | 'target' | 'token'>,
  lookups: Lookups,
): Promise<Inspection> => {
  const [texts, route] = await Promise.all([lookups.txt(challengeName(domain)), routeOf(domain, target, lookups)]);
  if (texts === undefined || route === undefined) return { result: 'unanswered' };
  const [pointer, challenge] = wantedRecords({ domain, target, token });
  const missing = [
    ...(route.leads || pointer === undefined ? [] : [{ record: pointer, found: route.found }]),
    ...(texts.includes(token) || challenge === undefined ? [] : [{ record: challenge, found: texts }]),
  ];
  return missing.length === 0 ? { result: 'complete' } : { result: 'incomplete', missing };
};

interface Route {
  readonly leads: boolean;
  readonly found: readonly string[];
}

const withoutDot = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/**
 * By its CNAME. A domain that can have none, or whose provider answers with addresses instead, leads there when all of its
 * addresses are the target's.
 */
const routeOf = async (domain: string, target: string, lookups: Lookups): Promise<Route | undefined> => {
  const names: Answer = (await lookups.cname(domain))?.map(withoutDot);
  if (names === undefined) return undefined;
  if (names.length > 0) return { leads: names.includes(target), found: names };
  const [own, wanted] = await Promise.all([lookups.addresses(domain), lookups.addresses(target)]);
  if (own === undefined || wanted === undefined) return undefined;
  return { leads: own.length > 0 && own.every((address) => wanted.includes(address)), found: own };
};
