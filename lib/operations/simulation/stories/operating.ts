import type { Story } from '../draft.ts';
import type { Stage } from '../stage.ts';

/** A user brings a domain of their own. Names below `example.com` belong to nobody (RFC 2606). */
export function* domains({ dice, person, fresh }: Stage): Story {
  const { userId } = person();
  const domain = `${fresh('shop')}.example.com`;
  yield { type: 'domain.added', payload: { domain, userId } };
  // Somebody mistypes theirs.
  if (dice.chance(0.1)) yield { type: 'domain.added', payload: { domain: `${domain}/path`, userId } };
}

/** Somebody wants to be forgotten. */
export function* forgetting({ fresh }: Stage): Story {
  const userId = fresh('leaver');
  yield { type: 'user.erasure.requested', payload: { userId, requestedBy: userId, reason: 'Asked for by mail' } };
}
