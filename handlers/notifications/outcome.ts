import type { Effect } from '../../lib/consumer/index.ts';
import { counted } from './counts.ts';
import type { Request } from './request.ts';
import { tell } from './told.ts';
import type { NotSent } from './wishes.ts';

/** What the user can do something about is shown to them; what they have wished for is not. */
const SHOWN: readonly NotSent[] = ['no-address', 'suppressed', 'paused'];

/** A notification that does not go. @param now milliseconds since 1970 */
export const notSent = ({ userId, channel, template, id }: Request, reason: NotSent, now: number): Effect => ({
  crossKeyWrites: [counted(channel, reason, now)],
  updates: SHOWN.includes(reason)
    ? [{ userId, type: 'notification.skipped', data: { id, channel, template, reason } }]
    : [],
});

/** A notification that has gone: not to be told again. @param now milliseconds since 1970 */
export const sent = ({ userId, channel, id }: Request, now: number): Effect => ({
  crossKeyWrites: [counted(channel, 'sent', now)],
  writes: tell(userId, id, now),
});
