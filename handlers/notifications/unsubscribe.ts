import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Channel } from '../../lib/catalog/index.ts';
import { type Category, isCategory } from './templates/categories.ts';

/** What somebody does not want any more. */
export interface Unsubscribe {
  readonly userId: string;
  readonly channel: Channel;
  readonly category: Category;
}

const signature = (text: string, secret: string): Buffer => createHmac('sha256', secret).update(text).digest();

/**
 * The address of an unsubscribe: a page for who follows it, and a POST to it unsubscribes at once (RFC 8058). The
 * application that serves it reads the token and publishes `notification.preferences.changed`.
 */
export const unsubscribeUrl = (appUrl: string, secret: string, { userId, channel, category }: Unsubscribe): string => {
  const text = Buffer.from(JSON.stringify([userId, channel, category])).toString('base64url');
  return `${appUrl}/unsubscribe?token=${text}.${signature(text, secret).toString('base64url')}`;
};

/**
 * What a token of {@link unsubscribeUrl} says.
 *
 * @returns undefined for one that was not made with this secret
 */
export const unsubscribeOf = (token: string, secret: string): Unsubscribe | undefined => {
  const [text = '', mac = ''] = token.split('.');
  const given = Buffer.from(mac, 'base64url');
  const own = signature(text, secret);
  if (given.length !== own.length || !timingSafeEqual(given, own)) return undefined;
  const [userId, channel, category]: [string, Channel, string] = JSON.parse(Buffer.from(text, 'base64url').toString());
  return isCategory(category) ? { userId, channel, category } : undefined;
};

/** Headers of an e-mail with an unsubscribe: RFC 2369, section 3.2, and RFC 8058, section 3.1. */
export const unsubscribeHeaders = (url: string): readonly { readonly Name: string; readonly Value: string }[] => [
  { Name: 'List-Unsubscribe', Value: `<${url}>` },
  { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
];
