import { Resolver } from 'node:dns/promises';

/** What was found; empty when there is nothing, undefined when no server gave an answer. */
export type Answer = readonly string[] | undefined;

/** Questions to the domain name system. None throws. */
export interface Lookups {
  /** Texts of the TXT records of a name. */
  readonly txt: (name: string) => Promise<Answer>;
  /** The name that a name stands for. */
  readonly cname: (name: string) => Promise<Answer>;
  /** IPv4 and IPv6 addresses of a name. */
  readonly addresses: (name: string) => Promise<Answer>;
}

/** The name does not exist, or has no such record (RFC 1035, section 4.1.1; RFC 2308). All else says nothing of it. */
const NOTHING: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

const answered = async (question: Promise<readonly string[]>): Promise<Answer> => {
  try {
    return await question;
  } catch (error) {
    const isNothing = error instanceof Error && 'code' in error && NOTHING.has(String(error.code));
    return isNothing ? [] : undefined;
  }
};

/**
 * Asks real servers, past any cache but theirs.
 *
 * @param servers `ADDRESS[:PORT]`; the system's when there are none
 * @param options.timeoutMs how long the first try waits for an answer; the next wait longer
 * @param options.tries how often each server is asked
 */
export const openLookups = (
  servers: readonly string[],
  { timeoutMs = 1_500, tries = 2 }: { readonly timeoutMs?: number; readonly tries?: number } = {},
): Lookups => {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (servers.length > 0) resolver.setServers(servers);
  return {
    txt: (name) => answered(resolver.resolveTxt(name).then((records) => records.map((parts) => parts.join('')))),
    cname: (name) => answered(resolver.resolveCname(name)),
    addresses: async (name) => {
      const [four, six] = await Promise.all([answered(resolver.resolve4(name)), answered(resolver.resolve6(name))]);
      return four === undefined || six === undefined ? undefined : [...four, ...six];
    },
  };
};
