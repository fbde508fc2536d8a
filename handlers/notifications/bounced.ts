import type { Effect } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { isEmail, isPhone } from './addresses.ts';
import { suppress, suppressionOwner } from './suppression.ts';

/**
 * Puts an address on the suppression list when it will never take a message, or its reader has complained; what came back
 * for the time being changes nothing.
 *
 * @throws PermanentError INVALID_EVENT when there is no address in it
 */
export const bounced = ({ payload, timestamp }: EventOf<'notification.bounced'>): Effect => {
  const { address, kind, permanent, userId } = payload;
  const text = address.trim();
  if (!isEmail(text) && !isPhone(text)) {
    throw new PermanentError(
      'INVALID_EVENT',
      'A bounce must name an e-mail address or a number in E.164 as its address.',
    );
  }
  if (kind === 'bounce' && !permanent) return {};
  const channel = isEmail(text) ? 'email' : 'sms';
  return {
    crossKeyWrites: [{ name: 'suppression', owner: suppressionOwner(text), writes: suppress(text, kind, timestamp) }],
    updates: userId === null ? [] : [{ userId, type: 'notification.address.suppressed', data: { channel, kind } }],
  };
};
