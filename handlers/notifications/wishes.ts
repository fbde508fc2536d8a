import type { Channel } from '../../lib/catalog/index.ts';
import type { Preferences } from './preferences-state.ts';
import { CATEGORIES, type Category } from './templates/categories.ts';

/** Why something is not sent. */
export type NotSent =
  /** Nobody knows where to. */
  | 'no-address'
  /** The address is on the suppression list. */
  | 'suppressed'
  /** The user does not want anything on this channel, or not this category. */
  | 'unsubscribed'
  /** The user has switched the channel off: a wish for quiet, which `high` may break. */
  | 'channel-off'
  /** The webhook endpoint is paused. */
  | 'paused';

/** What decides whether a user wants a message. */
export interface Wish {
  readonly channel: Channel;
  readonly category: Category;
  readonly priority: 'normal' | 'high';
}

/**
 * Whether the user's wishes are against a message. To leave a channel counts for everything on it. To leave a category does
 * not count for transactional ones, such as receipts, and no priority goes against it. A channel that is merely switched
 * off is a wish for quiet: `high` is sent.
 */
export const refusedBy = (
  { unsubscribed, off }: Pick<Preferences, 'unsubscribed' | 'off'>,
  { channel, category, priority }: Wish,
): Extract<NotSent, 'unsubscribed' | 'channel-off'> | undefined => {
  if (unsubscribed.has(`${channel}:*`)) return 'unsubscribed';
  const isLeft = unsubscribed.has(category) || unsubscribed.has(`${channel}:${category}`);
  if (isLeft && !CATEGORIES[category].transactional) return 'unsubscribed';
  return off.has(channel) && priority !== 'high' ? 'channel-off' : undefined;
};
