import type { Story } from '../draft.ts';
import type { Stage } from '../stage.ts';

const DAY = 86_400_000;

/** A destination from its draft to its end. */
export function* publishing({ dice, code, ago, fresh }: Stage): Story {
  const { qrId, owner } = code();
  const contentId = fresh('content');
  const base = { contentId, userId: owner.userId, actorId: owner.userId, version: 1 };
  const destination = `https://shop.example.com/${contentId}`;
  yield { type: 'content.submitted', payload: { ...base, qrId, title: 'Spring sale' } };
  if (dice.chance(0.1)) {
    yield { type: 'content.rejected', payload: { ...base, reason: 'The price is missing' } };
    return;
  }
  // An impatient client publishes what nobody has approved yet.
  if (dice.chance(0.03)) yield { type: 'content.published', payload: { ...base, qrId, destination } };
  yield { type: 'content.approved', payload: base };
  if (dice.chance(0.2)) {
    yield { type: 'content.scheduled', payload: { ...base, qrId, destination, publishAt: ago(-30 * DAY) } };
  }
  const page = dice.chance(0.3) ? '<!doctype html><title>Spring</title><h1>Everything 20 % off</h1>' : null;
  yield {
    type: 'content.published',
    payload: { ...base, qrId, destination: page === null ? destination : null, page },
  };
  if (dice.chance(0.3)) yield { type: 'content.unpublished', payload: base };
  if (dice.chance(0.2)) yield { type: 'content.archived', payload: base };
}
