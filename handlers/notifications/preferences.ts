import { CHANNELS } from '../../lib/catalog/index.ts';
import type { Effect } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import { isEmail, isPhone } from './addresses.ts';
import { preferencesKey, switchOf, unsubscribedKey } from './preferences-state.ts';
import { isCategory } from './templates/categories.ts';
import { resumeEndpoints } from './webhooks/endpoint-state.ts';
import { isSecret } from './webhooks/signature.ts';
import { type UrlRules, urlFault } from './webhooks/url-rules.ts';

type ChangeEvent = EventOf<'notification.preferences.changed'>;
type Payload = ChangeEvent['payload'];

const CHANNEL_NAMES: readonly string[] = CHANNELS;

/** Texts of the payload that are kept as they are: what must hold for one that is not empty. */
const TEXTS: {
  readonly [Field in 'email' | 'phone' | 'webhookUrl' | 'webhookSecret' | 'locale']: (
    text: string,
    rules: UrlRules,
  ) => string | undefined;
} = {
  email: (text) => (isEmail(text) ? undefined : 'is no e-mail address'),
  phone: (text) => (isPhone(text) ? undefined : 'is no number in E.164 (+ and 7 to 15 digits, the country code first)'),
  webhookUrl: urlFault,
  webhookSecret: (text) => (isSecret(text) ? undefined : 'must be whsec_ and Base64 of 24 to 64 bytes'),
  locale: (text) => (isLocale(text) ? undefined : 'is no language tag (BCP 47)'),
};

const isLocale = (text: string): boolean => {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
};

/**
 * Keeps what a user wants to get and where. A webhook endpoint that was paused is tried again.
 *
 * @throws PermanentError INVALID_EVENT; the message names the field, never what stands in it
 */
export const preferencesChanged = ({ payload }: ChangeEvent, rules: UrlRules): Effect => {
  const { userId, channels, unsubscribed, resubscribed } = payload;
  const writes: RedisCommand[] = [];
  for (const [field, fault] of entries(TEXTS)) {
    const text = payload[field];
    if (text === null) continue;
    if (text === '') writes.push(['HDEL', preferencesKey(userId), field]);
    else {
      require(fault(text, rules), userId, field);
      writes.push(['HSET', preferencesKey(userId), field, text]);
    }
  }
  for (const [channel, on] of Object.entries(channels)) {
    if (!CHANNEL_NAMES.includes(channel)) require(`names no channel: ${CHANNELS.join(', ')}`, userId, 'channels');
    writes.push(['HSET', preferencesKey(userId), switchOf(channel), on ? 1 : 0]);
  }
  for (const wish of [...unsubscribed, ...resubscribed]) require(wishFault(wish), userId, 'unsubscribed');
  if (unsubscribed.length > 0) writes.push(['SADD', unsubscribedKey(userId), ...unsubscribed]);
  if (resubscribed.length > 0) writes.push(['SREM', unsubscribedKey(userId), ...resubscribed]);
  if (concernsWebhooks(payload)) writes.push(...resumeEndpoints(userId));
  return { writes };
};

const concernsWebhooks = ({ webhookUrl, webhookSecret, channels }: Payload): boolean =>
  webhookUrl !== null || webhookSecret !== null || channels.webhook === true;

const wishFault = (wish: string): string | undefined => {
  const [first = '', second] = wish.split(':');
  if (second === undefined) return isCategory(first) ? undefined : 'names no category of templates';
  const isKnown = CHANNEL_NAMES.includes(first) && (second === '*' || isCategory(second));
  return isKnown ? undefined : 'must name a category, channel:category or channel:*';
};

const require = (fault: string | undefined, userId: string, field: string): void => {
  if (fault === undefined) return;
  throw new PermanentError('INVALID_EVENT', `The preferences of user ${userId} cannot be kept: ${field} ${fault}.`);
};

const entries = <Key extends string, Value>(table: { readonly [K in Key]: Value }): [Key, Value][] =>
  keysOf(table).map((key) => [key, table[key]]);
const keysOf = <Key extends string>(table: { readonly [K in Key]: unknown }): Key[] => {
  const isKey = (key: string): key is Key => Object.hasOwn(table, key);
  return Object.keys(table).filter(isKey);
};
