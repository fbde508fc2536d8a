import type { Story } from '../draft.ts';
import type { Stage } from '../stage.ts';

const DAY = 86_400_000;

/** A customer subscribes and pays, most of the time. */
export function* paying({ dice, ago, fresh, person }: Stage): Story {
  const customerId = fresh('customer');
  const { userId } = person();
  const subscriptionId = fresh('subscription');
  const said = (ms = 0) => ({ customerId, userId, providerEventId: fresh('event'), createdAt: ago(ms) });
  const plan = dice.pick(['pro', 'business']);
  const subscription = { subscriptionId, plan, status: 'active', currentPeriodEnd: ago(-30 * DAY) };
  yield { type: 'subscription.created', payload: { ...said(60_000), ...subscription } };
  for (let month = dice.integer(1, 3); month > 0; month -= 1) {
    const paid = {
      paymentId: fresh('payment'),
      amount: dice.integer(900, 19_900),
      currency: dice.pick(['EUR', 'USD']),
    };
    if (dice.chance(0.15)) {
      yield {
        type: 'payment.failed',
        payload: { ...said(), ...paid, failureCode: 'card_declined', failureMessage: 'The card was declined' },
      };
    }
    yield { type: 'payment.succeeded', payload: { ...said(), ...paid, description: `${plan}, one month` } };
    if (dice.chance(0.1)) {
      yield {
        type: 'payment.refunded',
        payload: { ...said(), ...paid, refundId: fresh('refund'), reason: 'Goodwill' },
      };
    }
  }
  yield { type: 'subscription.updated', payload: { ...said(), ...subscription, seats: 10 } };
  // Providers do not promise an order: what was said an hour ago comes last.
  if (dice.chance(0.2))
    yield { type: 'subscription.updated', payload: { ...said(DAY / 24), ...subscription, seats: 2 } };
  if (dice.chance(0.2))
    yield { type: 'subscription.cancelled', payload: { ...said(), ...subscription, endsAt: ago(-30 * DAY) } };
}
