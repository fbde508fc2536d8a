import { describe, expect, it } from 'vitest';
import { deleted } from '../../../handlers/user-lifecycle/deletion.ts';
import { activated, onboardingDue, onboardingOf } from '../../../handlers/user-lifecycle/onboarding.ts';
import { registered } from '../../../handlers/user-lifecycle/registration.ts';
import { inactive, trialEnding, upgraded } from '../../../handlers/user-lifecycle/reminders.ts';
import type { UserRecord } from '../../../handlers/user-lifecycle/user-state.ts';
import type { Effect } from '../../../lib/consumer/index.ts';
import { type EventInputs, eventOf } from '../../../lib/events/index.ts';

const userId = 'u-1';
const tag = '{u-1}';
const at = '2026-03-01T10:00:00.000Z';
const later = '2026-03-02T10:00:00.000Z';

type Type = 'user.registered' | 'user.upgraded' | 'user.trial.ending' | 'user.inactive' | 'user.onboarding.due';
const event = <T extends Type | 'user.activated' | 'user.deleted'>(type: T, payload: EventInputs[T], timestamp = at) =>
  eventOf(type, payload, { source: 'test', timestamp });
const registration = (more: Partial<EventInputs['user.registered']> = {}) =>
  event('user.registered', { userId, email: ' Ada@Example.com ', name: 'Ada', locale: 'de-de', plan: 'pro', ...more });

/** The fields an effect writes. */
const kept = (effect: Effect | undefined): UserRecord => {
  const [, , ...pairs] = (effect?.writes?.[0] ?? []).map(String);
  return Object.fromEntries(pairs.flatMap((name, i) => (i % 2 === 0 ? [[name, pairs[i + 1] ?? '']] : [])));
};
const known = kept(registered(registration(), {}, tag));

describe('a registration', () => {
  it('makes the address known before the welcome goes out, and schedules the letters', () => {
    const effect = registered(registration(), {}, tag);
    expect(effect?.events).toMatchObject([
      { type: 'notification.preferences.changed', payload: { userId, email: 'ada@example.com', locale: 'de-DE' } },
      { type: 'notification.requested', payload: { channel: 'email', template: 'welcome', data: { name: 'Ada' } } },
      { type: 'audit.recorded', payload: { action: 'user.registered', resource: 'user/u-1', after: '{"plan":"pro"}' } },
    ]);
    expect(effect?.schedule?.map(({ key, at: due }) => [key, due])).toEqual([
      ['user-lifecycle/onboarding/u-1/tips', '2026-03-02T10:00:00.000Z'],
      ['user-lifecycle/onboarding/u-1/first-batch', '2026-03-04T10:00:00.000Z'],
    ]);
  });

  it('keeps no address, and its audit record neither', () => {
    const effect = registered(registration(), {}, tag);
    expect(JSON.stringify(effect?.writes)).not.toMatch(/example/i);
    expect(JSON.stringify(effect?.events?.filter(({ type }) => type === 'audit.recorded'))).not.toMatch(/example|Ada/i);
  });

  it('that comes again with the same data changes nothing, with others it is refused without telling them', () => {
    expect(registered(registration(), known, tag)).toBeUndefined();
    const other = () => registered(registration({ email: 'eve@example.com', name: 'Eve', plan: 'free' }), known, tag);
    expect(other).toThrow(`User u-1 is registered since ${at}; a second registration has another email, name, plan.`);
  });

  it('after the activation schedules no letters, after an upgrade keeps the plan', () => {
    const effect = registered(registration(), { activatedAt: at, plan: 'business', planAt: at }, tag);
    expect(effect?.schedule).toEqual([]);
    expect(kept(effect)).not.toHaveProperty('plan');
  });

  it.each(['ada', 'a b@example.com', 'ada@example', 'ada@x.com\nBcc: eve@x.com', `${'a'.repeat(250)}@x.com`])(
    'with the address %j is invalid, and the reason does not repeat it',
    (email) => {
      expect(() => registered(registration({ email }), {}, tag)).toThrow('The email of user u-1 is no e-mail address.');
    },
  );

  it('with an unknown plan names those there are; with a strange locale it is taken for English', () => {
    expect(() => registered(registration({ plan: 'gold' }), {}, tag)).toThrow(
      'There is no plan "gold"; the plans are free, pro, business, enterprise.',
    );
    expect(kept(registered(registration({ locale: '??' }), {}, tag))).toMatchObject({ locale: 'en' });
  });
});

describe('the onboarding', () => {
  const due = event('user.onboarding.due', { userId, step: 'tips' });

  it('sends a letter in the user’s language', () => {
    expect(onboardingDue(due, known, tag)?.events).toMatchObject([
      { payload: { template: 'tips', locale: 'de-DE', dedupeKey: 'user-lifecycle/tips', data: { name: 'Ada' } } },
    ]);
  });

  it('passes over a letter of somebody who has activated, or of whom nothing is known any more', () => {
    expect(onboardingDue(due, { ...known, activatedAt: at }, tag)).toBeUndefined();
    expect(onboardingDue(due, {}, tag)).toBeUndefined();
  });

  it('has no other steps', () => {
    const strange = event('user.onboarding.due', { userId, step: 'constructor' });
    expect(() => onboardingDue(strange, known, tag)).toThrow('its steps are tips, first-batch.');
  });

  it('is cancelled whole by activation and by deletion', () => {
    const keys = onboardingOf(userId, at).map(({ key }) => key);
    expect(activated(event('user.activated', { userId }), known, tag)?.unschedule).toEqual(keys);
    expect(deleted(event('user.deleted', { userId }), known, tag)?.unschedule).toEqual(keys);
  });
});

describe('the end of a trial', () => {
  const ending = (trialEndsAt: string) => event('user.trial.ending', { userId, trialEndsAt });

  it('is told once for each end, and an end before that told of is old news', () => {
    const first = trialEnding(ending('2026-03-05T01:00:00+01:00'), known, tag);
    expect(first?.events).toMatchObject([
      { payload: { channel: 'email', data: { trialEndsAt: '2026-03-05T00:00:00.000Z' } } },
      { type: 'audit.recorded' },
    ]);
    const told = { ...known, ...kept(first) };
    expect(trialEnding(ending('2026-03-05T00:00:00Z'), told, tag)).toBeUndefined();
    expect(trialEnding(ending('2026-03-04T00:00:00Z'), told, tag)).toBeUndefined();
    expect(trialEnding(ending('2026-03-09T00:00:00Z'), told, tag)?.events).toHaveLength(2);
  });

  it('is not told to who has upgraded; who is not registered yet finds it in the app', () => {
    expect(trialEnding(ending(later), { ...known, planAt: at }, tag)).toBeUndefined();
    expect(trialEnding(ending(later), {}, tag)?.events).toMatchObject([{ payload: { channel: 'in-app' } }, {}]);
  });

  it('must lie ahead and be a time', () => {
    expect(() => trialEnding(ending(at), known, tag)).toThrow(/cannot end soon: it ended on 2026-03-01/);
    expect(() => trialEnding(ending('soon'), known, tag)).toThrow(
      'trialEndsAt must be a time in ISO 8601, not "soon".',
    );
  });
});

describe('an upgrade', () => {
  const upgrade = (plan: string, timestamp: string) => event('user.upgraded', { userId, plan }, timestamp);

  it('is told and audited with both plans', () => {
    const effect = upgraded(upgrade('business', later), known, tag);
    expect(effect?.events).toMatchObject([
      { payload: { template: 'upgraded', data: { plan: 'business' } } },
      { payload: { before: '{"plan":"pro"}', after: '{"plan":"business"}' } },
    ]);
  });

  it('to the plan of the trial is one, and its repetition is none', () => {
    const effect = upgraded(upgrade('pro', later), known, tag);
    expect(effect?.events).toHaveLength(2);
    const after = { ...known, ...kept(effect) };
    expect(upgraded(upgrade('pro', later), after, tag)).toBeUndefined();
    expect(upgraded(upgrade('pro', '2026-03-03T00:00:00Z'), after, tag)).toBeUndefined();
  });

  it('that is older than the plan there is changes nothing', () => {
    expect(upgraded(upgrade('business', at), { ...known, plan: 'pro', planAt: later }, tag)).toBeUndefined();
  });
});

describe('an absence', () => {
  it('is told of once, and cannot begin after it was noticed', () => {
    const absent = (lastSeenAt: string) => event('user.inactive', { userId, lastSeenAt });
    const effect = inactive(absent('2026-02-01T00:00:00Z'), known, tag);
    expect(effect?.events).toHaveLength(2);
    const told = { ...known, ...kept(effect) };
    expect(inactive(absent('2026-02-01T00:00:00Z'), told, tag)).toBeUndefined();
    expect(inactive(absent('2026-02-20T00:00:00Z'), told, tag)?.events).toHaveLength(2);
    expect(() => inactive(absent(later), known, tag)).toThrow(/cannot be inactive: they were seen on 2026-03-02/);
  });
});

describe('a deletion', () => {
  it('asks for the erasure, and does not hand on what the user said', () => {
    const effect = deleted(event('user.deleted', { userId, reason: 'my boss Bob' }), {}, tag);
    expect(effect?.events).toMatchObject([
      { type: 'user.erasure.requested', payload: { userId, requestedBy: userId } },
      { type: 'audit.recorded' },
    ]);
    expect(JSON.stringify(effect)).not.toContain('Bob');
  });
});
