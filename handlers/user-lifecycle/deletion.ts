import type { LifeStep } from './living.ts';
import { remembered } from './messages.ts';
import { momentOf } from './moment.ts';
import { onboardingKeys } from './onboarding.ts';
import { saved } from './user-state.ts';

/**
 * Ends everything that goes on for a user and asks for the erasure of their data, of a user nothing is known of as well:
 * others may know more. Nobody is there to see an update, and none is left behind the erasure.
 */
export const deleted: LifeStep<'user.deleted'> = (event, _user, tag) => {
  const { userId } = event.payload;
  return {
    events: [
      {
        type: 'user.erasure.requested',
        name: userId,
        // Not the reason in their own words: what is said of an erasure stays for good, and they may name anybody.
        payload: { userId, requestedBy: userId, reason: 'The account was deleted' },
      },
      remembered(event),
    ],
    unschedule: onboardingKeys(userId),
    writes: [saved(tag, { deletedAt: momentOf(event.timestamp, 'timestamp') })],
  };
};
