import type { Channel } from '../../lib/catalog/index.ts';
import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';

/** How a user can be reached, and with what. */
export interface Preferences {
  readonly email?: string;
  /** E.164. */
  readonly phone?: string;
  readonly webhookUrl?: string;
  /** `whsec_` and Base64. */
  readonly webhookSecret?: string;
  /** BCP 47. */
  readonly locale?: string;
  /** Channels the user has switched off. */
  readonly off: ReadonlySet<string>;
  /** Categories, `channel:category` or `channel:*`. */
  readonly unsubscribed: ReadonlySet<string>;
}

/** Hash tag: the user, who is the key of the topic's records. */
export const preferencesKey = (userId: string): string => `notify:${hashTag(userId)}:preferences`;
/** Set of what the user has unsubscribed from. */
export const unsubscribedKey = (userId: string): string => `notify:${hashTag(userId)}:unsubscribed`;

/** Field of a channel's switch. */
export const switchOf = (channel: string): string => `channel:${channel}`;

const TEXTS = ['email', 'phone', 'webhookUrl', 'webhookSecret', 'locale'] as const;

export const readPreferences = async (redis: Redis, userId: string): Promise<Preferences> => {
  const [fields, unsubscribed] = await Promise.all([
    redis.hgetall(preferencesKey(userId)),
    redis.smembers(unsubscribedKey(userId)),
  ]);
  const off = Object.entries(fields).flatMap(([field, value]) =>
    field.startsWith('channel:') && value === '0' ? [field.slice('channel:'.length)] : [],
  );
  const texts = TEXTS.flatMap((field) => (fields[field] === undefined ? [] : [[field, fields[field]] as const]));
  return { ...Object.fromEntries(texts), off: new Set(off), unsubscribed: new Set(unsubscribed) };
};

/** Where messages of a channel go when the notification does not say; undefined where nothing is known. */
export const addressOf = ({ email, phone, webhookUrl }: Preferences, channel: Channel): string | undefined =>
  ({ email, sms: phone, webhook: webhookUrl, 'in-app': '' })[channel];
