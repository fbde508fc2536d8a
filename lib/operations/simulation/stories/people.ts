import type { Story } from '../draft.ts';
import type { Stage } from '../stage.ts';

const DAY = 86_400_000;

/** Somebody registers; most of them stay. */
export function* joining({ dice, ago, fresh }: Stage): Story {
  const userId = fresh('member');
  const trialEndsAt = ago(-14 * DAY);
  yield {
    type: 'user.registered',
    payload: { userId, email: `${userId}@example.com`, name: 'Noa', locale: dice.pick(['en', 'de']), trialEndsAt },
  };
  if (dice.chance(0.7)) yield { type: 'user.activated', payload: { userId } };
  if (dice.chance(0.3)) yield { type: 'user.trial.ending', payload: { userId, trialEndsAt } };
  if (dice.chance(0.2)) yield { type: 'user.upgraded', payload: { userId, plan: 'pro', from: 'free' } };
  if (dice.chance(0.1)) yield { type: 'user.inactive', payload: { userId, lastSeenAt: ago(30 * DAY) } };
  if (dice.chance(0.1)) yield { type: 'user.deleted', payload: { userId, reason: 'No longer needed' } };
}

/** Somebody is told things, having said how. */
export function* telling({ dice, person, fresh }: Stage): Story {
  const { userId, email, locale, name } = person();
  yield { type: 'notification.preferences.changed', payload: { userId, email, locale } };
  for (let times = dice.integer(1, 8); times > 0; times -= 1) {
    const channel = dice.chance(0.5) ? 'email' : 'in-app';
    yield {
      type: 'notification.requested',
      payload: { userId, channel, template: 'tips', data: { name }, locale, dedupeKey: fresh('tip') },
    };
  }
  if (dice.chance(0.02)) {
    yield {
      type: 'notification.bounced',
      payload: { address: `gone-${email}`, kind: 'bounce', permanent: true, reason: 'No such mailbox' },
    };
  }
}

/** Somebody does what has to be remembered. */
export function* acting({ dice, person, ago, fresh }: Stage): Story {
  const { userId } = person();
  const resource = fresh('api-key');
  for (const action of ['key.created', 'key.rotated', 'key.revoked'] as const) {
    yield {
      type: 'audit.recorded',
      payload: { actor: userId, action, resource, after: JSON.stringify({ scope: 'read' }), at: ago(0) },
    };
    if (dice.chance(0.4)) return;
  }
}
