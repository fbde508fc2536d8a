import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { parse } from 'tldts';
import { PermanentError } from '../../lib/errors.ts';

/** The common name of a certificate holds no more (RFC 5280, ub-common-name; ACM's API reference, RequestCertificate). */
const LENGTH = 64;

/** RFC 1123, section 2.1; what IDNA makes of other letters fits it too. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What `domainToASCII`, made for URLs, would cut off or read as something else. */
const NOT_OF_NAMES = /[\s/\\?#@:%]/;

/** In ASCII (IDNA), lower case, without the dot at the end. @returns undefined for what is no name of a host */
export const hostName = (text: string): string | undefined => {
  if (NOT_OF_NAMES.test(text)) return undefined;
  const name = domainToASCII(text).toLowerCase().replace(/\.$/, '');
  const labels = name.split('.');
  const isName = labels.length > 1 && labels.every((label) => LABEL.test(label)) && isIP(name) === 0;
  return isName ? name : undefined;
};

const suffixOf = (name: string) => parse(name, { allowPrivateDomains: true });

/** Whether it is the name a registry hands out, and no name below one: it can have no CNAME (RFC 1034, section 3.6.2). */
export const isApex = (domain: string): boolean => suffixOf(domain).domain === domain;

/**
 * A domain that a user may bring, as {@link hostName} writes it.
 *
 * @param target our own name, under whose domain nobody else's can lie
 * @throws PermanentError INVALID_EVENT, with a reason for the user
 */
export const userDomain = (text: string, target: string): string => {
  const refused = (why: string): PermanentError =>
    new PermanentError('INVALID_EVENT', `${JSON.stringify(text.slice(0, 80))} cannot be used as a domain: ${why}.`);
  const name = hostName(text);
  if (name === undefined) throw refused('it is not the name of a host, such as go.example.com');
  if (name.length > LENGTH) throw refused(`it is longer than the ${LENGTH} characters a certificate can hold`);
  const { domain, publicSuffix, isIcann, isPrivate } = suffixOf(name);
  if (isIcann !== true && isPrivate !== true) throw refused(`.${publicSuffix ?? name} is no public domain ending`);
  if (domain === null) throw refused('everybody’s domains end in it');
  if (domain === suffixOf(target).domain) throw refused('it is ours');
  return name;
};
