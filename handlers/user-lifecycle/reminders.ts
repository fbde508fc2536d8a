import { notified } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { LifeStep } from './living.ts';
import { remembered, to } from './messages.ts';
import { momentOf } from './moment.ts';
import { knownPlan } from './plan.ts';
import { saved } from './user-state.ts';

/**
 * Reminds a user that their trial ends, once for each trial: an end that was moved is a new one, an earlier end than that
 * told of is old news. Who has upgraded has no trial any more.
 *
 * @throws PermanentError INVALID_EVENT, RULE_VIOLATED when the trial was over by then
 */
export const trialEnding: LifeStep<'user.trial.ending'> = (event, user, tag) => {
  const { userId } = event.payload;
  const trialEndsAt = momentOf(event.payload.trialEndsAt, 'trialEndsAt');
  if (Date.parse(trialEndsAt) <= Date.parse(event.timestamp)) {
    throw new PermanentError(
      'RULE_VIOLATED',
      `The trial of user ${userId} cannot end soon: it ended on ${trialEndsAt}, before the event of ${event.timestamp}.`,
    );
  }
  if (user.planAt !== undefined || trialEndsAt <= (user.trialToldFor ?? '')) return undefined;
  return {
    events: [
      notified({
        ...to(userId, user, `trial-ending/${trialEndsAt}`),
        template: 'trial-ending',
        data: { trialEndsAt },
      }),
      remembered(event, { after: { trialEndsAt } }),
    ],
    updates: [{ userId, type: 'user.trial.ending', data: { trialEndsAt } }],
    writes: [saved(tag, { trialToldFor: trialEndsAt })],
  };
};

/**
 * Keeps the new plan and tells of it, unless a later event has set another one.
 *
 * @throws PermanentError RULE_VIOLATED for a plan there is not
 */
export const upgraded: LifeStep<'user.upgraded'> = (event, user, tag) => {
  const { userId, from } = event.payload;
  const plan = knownPlan(event.payload.plan);
  const planAt = momentOf(event.timestamp, 'timestamp');
  if (planAt <= (user.planAt ?? '') || (user.planAt !== undefined && plan === user.plan)) return undefined;
  return {
    events: [
      notified({ ...to(userId, user, `upgraded/${plan}/${planAt}`), template: 'upgraded', data: { plan } }),
      remembered(event, { before: { plan: from ?? user.plan ?? null }, after: { plan } }),
    ],
    updates: [{ userId, type: 'user.upgraded', data: { plan } }],
    writes: [saved(tag, { plan, planAt })],
  };
};

/**
 * Writes to a user who has not been seen for long, once for each absence.
 *
 * @throws PermanentError INVALID_EVENT, RULE_VIOLATED when the user is said to have been seen after the event
 */
export const inactive: LifeStep<'user.inactive'> = (event, user, tag) => {
  const { userId } = event.payload;
  const lastSeenAt = momentOf(event.payload.lastSeenAt, 'lastSeenAt');
  if (Date.parse(lastSeenAt) > Date.parse(event.timestamp)) {
    throw new PermanentError(
      'RULE_VIOLATED',
      `User ${userId} cannot be inactive: they were seen on ${lastSeenAt}, after the event of ${event.timestamp}.`,
    );
  }
  if (lastSeenAt <= (user.absenceToldFor ?? '')) return undefined;
  return {
    events: [
      notified({ ...to(userId, user, `inactive/${lastSeenAt}`), template: 'inactive', data: { lastSeenAt } }),
      remembered(event, { after: { lastSeenAt } }),
    ],
    updates: [{ userId, type: 'user.inactive', data: { lastSeenAt } }],
    writes: [saved(tag, { absenceToldFor: lastSeenAt })],
  };
};
