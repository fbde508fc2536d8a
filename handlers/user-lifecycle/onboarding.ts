import type { TemplateName } from '../../lib/catalog/index.ts';
import { notified, type Scheduled } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { LifeStep } from './living.ts';
import { remembered, to } from './messages.ts';
import { momentOf } from './moment.ts';
import { saved } from './user-state.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The letters that follow the welcome, and how many days after the registration. Their names are those of templates. */
export const STEPS = { tips: 1, 'first-batch': 3 } as const satisfies Partial<Record<TemplateName, number>>;

const isStep = (text: string): text is keyof typeof STEPS => Object.hasOwn(STEPS, text);

const keyOf = (userId: string, step: string): string => `user-lifecycle/onboarding/${userId}/${step}`;

/** What is scheduled when a user registers. @param registeredAt ISO 8601 */
export const onboardingOf = (userId: string, registeredAt: string): Scheduled[] =>
  Object.entries(STEPS).map(([step, days]) => ({
    key: keyOf(userId, step),
    at: new Date(Date.parse(registeredAt) + days * DAY_MS).toISOString(),
    event: { type: 'user.onboarding.due', payload: { userId, step } },
  }));

/** The keys to cancel when the onboarding is over. */
export const onboardingKeys = (userId: string): string[] => Object.keys(STEPS).map((step) => keyOf(userId, step));

/** Ends the onboarding: the user has found the way by themselves. It may overtake the registration. */
export const activated: LifeStep<'user.activated'> = (event, user, tag) => {
  const { userId } = event.payload;
  if (user.activatedAt !== undefined) return undefined;
  return {
    events: [remembered(event)],
    unschedule: onboardingKeys(userId),
    updates: [{ userId, type: 'user.activated', data: {} }],
    writes: [saved(tag, { activatedAt: momentOf(event.timestamp, 'timestamp') })],
  };
};

/**
 * Sends the letter that is due. One that was published before it could be cancelled is passed over, and so is one of a user
 * whose data were erased meanwhile.
 */
export const onboardingDue: LifeStep<'user.onboarding.due'> = ({ payload: { userId, step } }, user) => {
  if (!isStep(step)) {
    const steps = Object.keys(STEPS).join(', ');
    throw new PermanentError(
      'RULE_VIOLATED',
      `The onboarding has no step ${JSON.stringify(step)}; its steps are ${steps}.`,
    );
  }
  if (user.registeredAt === undefined || user.activatedAt !== undefined) return undefined;
  return {
    events: [notified({ ...to(userId, user, step), template: step, data: { name: user.name ?? '' } })],
    updates: [{ userId, type: 'user.onboarding', data: { step } }],
  };
};
