import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { USER_HANDLERS } from '../../../handlers/user-lifecycle/handlers.ts';
import { onboardingKeys } from '../../../handlers/user-lifecycle/onboarding.ts';
import { PLACES } from '../../../handlers/user-lifecycle/places.ts';
import { readUser, userKey } from '../../../handlers/user-lifecycle/user-state.ts';
import { closeConnections, createConsumer } from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { type EventInputs, type EventOf, eventOf } from '../../../lib/events/index.ts';
import { openSchedule } from '../../../lib/scheduler/index.ts';
import { isBookkeeping } from '../../support/bookkeeping.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { recorderOn } from '../../support/recorder.ts';
import { testStack } from '../../support/stack.ts';
import { updateTypesOf } from '../../support/updates.ts';

const { settings } = testStack();
const { connections, deliverWith } = deliveryTo(
  'user-lifecycle',
  (options) => createConsumer('user-lifecycle', USER_HANDLERS, options),
  settings,
);
const { redis, objects } = connections;
afterAll(() => closeConnections(connections));

const schedule = openSchedule(redis, objects, `test-${randomUUID()}`);
const recorder = recorderOn(connections.publisher);
const deliver = (...events: EventOf[]) => deliverWith({ schedule, publisher: recorder.publisher }, ...events);

type Type = keyof typeof USER_HANDLERS;

const at = '2026-03-01T10:00:00.000Z';
const DONE = { batchItemFailures: [] };

/** Events of one user of their own, and what has come of them. */
const newUser = () => {
  const userId = randomUUID();
  const event = <T extends Type>(type: T, payload: EventInputs[T], timestamp = at): EventOf =>
    eventOf(type, payload, { source: 'test', timestamp });
  return {
    userId,
    registered: (more: Partial<EventInputs['user.registered']> = {}, timestamp = at) =>
      event('user.registered', { userId, email: 'ada@example.com', name: 'Ada', locale: 'de', ...more }, timestamp),
    activated: () => event('user.activated', { userId }),
    trialEnding: (trialEndsAt = '2026-03-08T00:00:00Z') => event('user.trial.ending', { userId, trialEndsAt }),
    upgraded: (plan: string, timestamp = at) => event('user.upgraded', { userId, plan }, timestamp),
    inactive: (lastSeenAt = '2026-01-01T00:00:00Z') => event('user.inactive', { userId, lastSeenAt }),
    deleted: () => event('user.deleted', { userId, reason: 'too dear' }, '2026-03-05T00:00:00Z'),
    due: (step = 'tips') => event('user.onboarding.due', { userId, step }),
    record: () => readUser(redis, userId),
    updates: () => updateTypesOf(redis, userId),
    scheduled: async () => {
      const entries = await schedule.due(Number.MAX_SAFE_INTEGER, 1_000);
      return entries.map(({ key }) => key).filter((key) => onboardingKeys(userId).includes(key));
    },
  };
};

/** What was published since the last look, as `type` or `type template channel`. */
const published = async () =>
  (await recorder.events()).map(({ eventType, payload }) =>
    'template' in payload ? `${payload.template} by ${payload.channel}` : eventType,
  );

describe('a user who registers', () => {
  it('is welcomed at an address the notifications know, and gets the letters that follow until they activate', async () => {
    const user = newUser();
    expect(await deliver(user.registered())).toEqual(DONE);
    expect(await published()).toEqual(['notification.preferences.changed', 'welcome by email', 'audit.recorded']);
    expect(await user.scheduled()).toEqual(onboardingKeys(user.userId));
    expect(await deliver(user.due())).toEqual(DONE);
    expect(await published()).toEqual(['tips by email']);

    expect(await deliver(user.activated(), user.due('first-batch'))).toEqual(DONE);
    // The letter lay in the log already when the user activated.
    expect(await published()).toEqual(['audit.recorded']);
    expect(await user.scheduled()).toEqual([]);
    expect(await user.updates()).toEqual(['user.registered', 'user.onboarding', 'user.activated']);
  });

  it('after they activated and upgraded keeps both, whatever the order', async () => {
    const user = newUser();
    await deliver(user.activated(), user.upgraded('pro'), user.registered());
    expect(await user.record()).toMatchObject({ plan: 'pro', activatedAt: at, registeredAt: at, firstPlan: 'free' });
    expect(await user.scheduled()).toEqual([]);
    expect(await published()).toEqual([
      'audit.recorded',
      'upgraded by in-app',
      'audit.recorded',
      'notification.preferences.changed',
      'welcome by email',
      'audit.recorded',
    ]);
  });

  it('twice with other data is refused, and the first registration stays', async () => {
    const user = newUser();
    await deliver(user.registered(), user.registered(), user.registered({ email: 'eve@example.com' }));
    expect(recorder.reasons()).toEqual([
      `User ${user.userId} is registered since ${at}; a second registration has another email.`,
    ]);
    expect((await published()).filter((one) => one === 'welcome by email')).toHaveLength(1);
  });
});

describe('what is told to a user', () => {
  it('is told once, under whatever event it comes again', async () => {
    const user = newUser();
    await deliver(user.registered());
    await published();
    const facts = () => [user.trialEnding(), user.inactive(), user.upgraded('business', '2026-03-02T00:00:00Z')];
    expect(await deliver(...facts(), ...facts())).toEqual(DONE);
    expect(await published()).toEqual([
      'trial-ending by email',
      'audit.recorded',
      'inactive by email',
      'audit.recorded',
      'upgraded by email',
      'audit.recorded',
    ]);
    expect(await user.record()).toMatchObject({ plan: 'business' });
  });

  it('is nothing where the event cannot be: each is a dead letter with its reason', async () => {
    const user = newUser();
    await deliver(
      user.registered({ email: 'no address' }),
      user.due('third'),
      user.trialEnding('soon'),
      user.upgraded('gold'),
      user.inactive('2027-01-01T00:00:00Z'),
    );
    expect(recorder.reasons()).toEqual([
      `The email of user ${user.userId} is no e-mail address.`,
      'The onboarding has no step "third"; its steps are tips, first-batch.',
      'trialEndsAt must be a time in ISO 8601, not "soon".',
      'There is no plan "gold"; the plans are free, pro, business, enterprise.',
      `User ${user.userId} cannot be inactive: they were seen on 2027-01-01T00:00:00.000Z, after the event of ${at}.`,
    ]);
    expect(await published()).toEqual([]);
    expect(await user.record()).toEqual({});
  });
});

describe('a user who leaves', () => {
  it('is erased: late facts are dropped, and nothing personal stays', async () => {
    const user = newUser();
    await deliver(user.registered(), user.deleted());
    expect(await user.scheduled()).toEqual([]);
    expect((await published()).slice(3)).toEqual(['user.erasure.requested', 'audit.recorded']);

    const stores = { redis, objects, signal: new AbortController().signal };
    const erase = () => Promise.all(PLACES.map((place) => place.erase(user.userId, stores)));
    expect(await erase()).toEqual([6, 1]);
    expect(await erase()).toEqual([0, 0]);
    const late = [user.due(), user.activated(), user.trialEnding(), user.inactive(), user.deleted(), user.registered()];
    expect(await deliver(...late, user.upgraded('pro'))).toEqual(DONE);
    expect(await published()).toEqual([]);
    expect(recorder.reasons()).toEqual([]);
    expect(await user.record()).toEqual({ deletedAt: '2026-03-05T00:00:00.000Z' });
    expect(await redis.ttl(userKey(`{${user.userId}}`))).toBeGreaterThan(30 * 24 * 60 * 60);
  });

  it('cannot register or upgrade again after it', async () => {
    const user = newUser();
    const after = '2026-03-06T00:00:00.000Z';
    await deliver(user.deleted(), user.registered({}, after), user.upgraded('pro', after));
    const refusal = (type: string) =>
      `User ${user.userId} was deleted on 2026-03-05T00:00:00.000Z; a ${type} of ${after} cannot follow.`;
    expect(recorder.reasons()).toEqual([refusal('user.registered'), refusal('user.upgraded')]);
  });
});

describe('every event', () => {
  it('that is replayed changes nothing', async () => {
    const user = newUser();
    const events = [
      user.registered(),
      user.trialEnding(),
      user.inactive(),
      user.due(),
      user.upgraded('pro', '2026-03-02T00:00:00Z'),
      user.activated(),
      user.deleted(),
    ];
    await deliver(...events);
    await published();
    const seen = async () => [await user.record(), await user.updates(), await user.scheduled()];
    const before = await seen();
    expect(await deliver(...events)).toEqual(DONE);
    // Even one whose marks have been forgotten.
    await redis.del(...(await redis.keys(`*{${user.userId}}:*`)).filter(isBookkeeping));
    expect(await deliver(...events)).toEqual(DONE);
    expect(await seen()).toEqual(before);
    expect(await published()).toEqual([]);
  });

  it('waits where the schedule or the brokers cannot be reached, and takes effect when they are back', async () => {
    const user = newUser();
    const down = () => Promise.reject(new TransientError('OBJECT_STORE_UNAVAILABLE', 'down'));
    const events = [user.registered(), user.trialEnding(), user.activated()];
    const failed = await deliverWith({ schedule: { ...schedule, put: down } }, ...events);
    expect(failed.batchItemFailures).toHaveLength(3);
    expect(await user.record()).toEqual({});
    expect(await deliver(events[0] ?? user.due())).toEqual(DONE);
    const mute = { ...connections.publisher, publishRaw: down };
    const others = [user.upgraded('pro'), user.inactive(), user.due(), user.deleted()];
    for (const event of [...events.slice(1), ...others]) {
      expect((await deliverWith({ schedule, publisher: mute }, event)).batchItemFailures).toHaveLength(1);
    }
    expect(await user.record()).not.toHaveProperty('activatedAt');
    await published();
    expect(await deliver(...events.slice(1), ...others)).toEqual(DONE);
    expect(await user.record()).toMatchObject({ activatedAt: at, deletedAt: '2026-03-05T00:00:00.000Z' });
  });
});
