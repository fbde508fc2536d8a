import type { Handlers } from '../../lib/consumer/index.ts';
import { deleted } from './deletion.ts';
import { ofUser } from './living.ts';
import { activated, onboardingDue } from './onboarding.ts';
import { registered } from './registration.ts';
import { inactive, trialEnding, upgraded } from './reminders.ts';

/**
 * What each event of a user's life comes to, and what becomes of one that comes after the user's deletion. Facts that were
 * under way are dropped. What would begin or cost something anew is refused, so that a person looks at it.
 */
export const USER_HANDLERS: Handlers<'user-lifecycle'> = {
  'user.registered': ofUser(registered, 'refused'),
  'user.upgraded': ofUser(upgraded, 'refused'),
  'user.activated': ofUser(activated, 'dropped'),
  'user.trial.ending': ofUser(trialEnding, 'dropped'),
  'user.inactive': ofUser(inactive, 'dropped'),
  'user.deleted': ofUser(deleted, 'dropped'),
  'user.onboarding.due': ofUser(onboardingDue, 'dropped'),
};
