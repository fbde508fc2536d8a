import { createHash } from 'node:crypto';
import { type FollowUp, notified } from '../../lib/consumer/index.ts';
import { emailAddress } from '../../lib/email.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { keepUserName } from '../../lib/stores/user-names.ts';
import type { LifeStep } from './living.ts';
import { remembered, to } from './messages.ts';
import { momentOf } from './moment.ts';
import { onboardingOf } from './onboarding.ts';
import { knownPlan } from './plan.ts';
import { saved, type UserRecord } from './user-state.ts';

type Registered = EventOf<'user.registered'>;

/**
 * Welcomes a user, makes their address known to the notifications and schedules the letters that follow, unless they have
 * activated already. The same registration under another event id changes nothing.
 *
 * @throws PermanentError INVALID_EVENT for an address or time that is none, RULE_VIOLATED for an unknown plan or a second
 *   registration with other data
 */
export const registered: LifeStep<'user.registered'> = (event, before, tag) => {
  const { userId, plan } = event.payload;
  const email = addressOf(event);
  const fields = fieldsOf(event, email);
  if (before.registeredAt !== undefined) {
    requireSame(userId, before, fields);
    return undefined;
  }
  const { registeredAt, locale } = fields;
  return {
    events: [
      // First: the notifications work what concerns a user in order, and must know where the welcome goes.
      { type: 'notification.preferences.changed', name: userId, payload: { userId, email, locale } },
      welcome(userId, fields),
      remembered(event, { after: { plan } }),
    ],
    schedule: before.activatedAt === undefined ? onboardingOf(userId, registeredAt) : [],
    updates: [{ userId, type: 'user.registered', data: { plan } }],
    // An upgrade that overtook the registration stays.
    writes: [
      saved(tag, before.planAt === undefined ? { ...fields, plan } : fields),
      ...(fields.name === '' ? [] : [keepUserName(userId, fields.name)]),
    ],
  };
};

const welcome = (userId: string, user: UserRecord): FollowUp =>
  notified({ ...to(userId, user, 'welcome'), template: 'welcome', data: { name: user.name ?? '' } });

const addressOf = ({ payload: { userId, email } }: Registered): string => {
  const address = emailAddress(email);
  if (address !== undefined) return address;
  // Without the text itself: it may be somebody's address all the same.
  throw new PermanentError('INVALID_EVENT', `The email of user ${userId} is no e-mail address.`);
};

const fieldsOf = ({ timestamp, payload }: Registered, email: string) => {
  const { userId, name, locale, plan, trialEndsAt } = payload;
  if (trialEndsAt !== null) momentOf(trialEndsAt, 'trialEndsAt');
  return {
    registeredAt: momentOf(timestamp, 'timestamp'),
    name: name?.trim() ?? '',
    locale: localeOf(locale),
    emailDigest: createHash('sha256').update(`${userId}\0${email}`).digest('base64url'),
    firstPlan: knownPlan(plan),
  } satisfies UserRecord;
};

/** A language tag as BCP 47 writes it; English for what is none, which is no reason to turn somebody away. */
const localeOf = (text: string): string => {
  try {
    return Intl.getCanonicalLocales(text)[0] ?? 'en';
  } catch {
    return 'en';
  }
};

/** Fields of a registration that a second one may not change, with the words for them. */
const FIXED = [
  ['emailDigest', 'email'],
  ['name', 'name'],
  ['locale', 'locale'],
  ['firstPlan', 'plan'],
] as const;

const requireSame = (userId: string, before: UserRecord, again: UserRecord): void => {
  const other = FIXED.flatMap(([field, word]) => (before[field] === again[field] ? [] : [word]));
  if (other.length === 0) return;
  throw new PermanentError(
    'RULE_VIOLATED',
    `User ${userId} is registered since ${before.registeredAt}; a second registration has another ${other.join(', ')}.`,
    { next: 'An address or language is changed by notification.preferences.changed, a plan by user.upgraded' },
  );
};
