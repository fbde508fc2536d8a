import { isIP } from 'node:net';
import { isPublicAddress } from './ip-rules.ts';

/** Where webhooks may go besides the public Internet by https. */
export interface UrlRules {
  /** `name` or `name:port`: http and private addresses are fine there. For tests and laptops. */
  readonly allowed: readonly string[];
}

/** A browser's limit; nobody needs more. */
const URL_LENGTH = 2_048;

/** Whether the host of an address is on the allow-list. */
export const isAllowedHost = ({ hostname, host }: URL, { allowed }: UrlRules): boolean =>
  allowed.includes(host) || allowed.includes(hostname);

/** The name or address to connect to: of IPv6 without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/**
 * What is wrong with an address for webhooks, as far as it shows without asking the name service, as the rest of a
 * sentence; undefined when nothing is. The URL parser has already made plain addresses of `0x7f.1` and `2130706433`.
 */
export const urlFault = (text: string, rules: UrlRules): string | undefined => {
  if (text.length > URL_LENGTH || !URL.canParse(text)) return `is no URL of at most ${URL_LENGTH} characters`;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (isAllowedHost(url, rules)) return /^https?:$/.test(url.protocol) ? undefined : 'must be http or https';
  if (url.protocol !== 'https:') return 'must be https';
  const host = hostOf(url);
  return isIP(host) !== 0 && !isPublicAddress(host) ? 'leads to an address that is not public' : undefined;
};
