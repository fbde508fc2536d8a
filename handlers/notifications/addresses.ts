import { createHash } from 'node:crypto';

/** E.164: a plus and at most 15 digits, the country code first (ITU-T E.164, section 6). */
const E164 = /^\+[1-9]\d{6,14}$/;

/** What SES takes without knowing better itself: one @, a domain with a dot, ASCII, no spaces, 254 characters (RFC 5321). */
const EMAIL = /^[^\s@<>"(),:;\\[\]]{1,64}@[a-z\d-]+(\.[a-z\d-]+)+$/i;

export const isPhone = (text: string): boolean => E164.test(text);

export const isEmail = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  text.length <= 254 && EMAIL.test(text) && /^[\x00-\x7f]*$/.test(text);

/**
 * An address as it stands where it must be recognised but not be read: SHA-256, of e-mail addresses in lower case. It
 * keeps the list from being a list of addresses; whoever has an address can still ask whether it is there.
 */
export const addressHash = (address: string): string =>
  createHash('sha256').update(`address:${address.trim().toLowerCase()}`).digest('base64url');

/** A text without addresses and numbers, for reasons that people and logs see. */
export const withoutAddresses = (text: string): string =>
  text.replace(/[^\s<>,:;"']+@[^\s<>,;"']+/g, '<address>').replace(/\+?\d{7,}/g, '<number>');
