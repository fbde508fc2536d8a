import { PermanentError } from '../../lib/errors.ts';
import type { Payment, Refund } from './customer.ts';
import type { Decide } from './decision.ts';
import { canonicalTime } from './instant.ts';
import type { Booking } from './ledger.ts';
import { formatted, requireMoney } from './money.ts';
import { recorded, refundNotice } from './notices.ts';
import { ledgerPosted } from './posting.ts';
import { newPayment } from './restoring.ts';

export const refundBooking = (paymentId: string, refund: Refund): Booking => ({
  kind: 'refund',
  paymentId,
  refundId: refund.refundId,
  providerEventId: refund.providerEventId,
  at: refund.at,
  amount: refund.amount,
  currency: refund.currency,
});

/** In the order in which the provider made them. */
export const sortedRefunds = (refunds: readonly Refund[]): readonly Refund[] =>
  [...refunds].sort((a, b) => (`${a.at}/${a.providerEventId}` < `${b.at}/${b.providerEventId}` ? -1 : 1));

/** A refund is booked against its payment; where the payment has not come yet, it waits for it. */
export const paymentRefunded: Decide<'payment.refunded'> = (customer, { payload }) => {
  const { customerId, userId, paymentId, refundId, providerEventId, createdAt } = payload;
  const money = requireMoney(payload);
  const at = canonicalTime('createdAt', createdAt);
  const refund: Refund = { refundId, providerEventId, at, ...money };
  const known = customer.payments.get(paymentId) ?? newPayment(paymentId);
  const resource = `refund/${refundId}`;
  const before = [...known.refunds, ...known.held].find((each) => each.refundId === refundId);
  if (before !== undefined) requireSame(before, refund);
  if (before !== undefined && (before.providerEventId !== providerEventId || known.status !== 'paid')) {
    return { change: {}, events: [recorded(customerId, 'payment.refund.repeated', resource, at, {})] };
  }
  if (known.status !== 'paid') {
    return {
      change: { payment: { ...known, held: [...known.held, refund] } },
      events: [recorded(customerId, 'payment.refund.held', resource, at, { after: refund })],
    };
  }
  // Restored from the journal it is booked already; the rest may not have happened yet.
  const isNew = before === undefined;
  const booking = refundBooking(paymentId, refund);
  if (isNew) requireLeft(known, refund);
  return {
    change: isNew ? { payment: { ...known, refunds: [...known.refunds, refund] }, bookings: [booking] } : {},
    events: [
      ledgerPosted(customerId, booking),
      ...refundNotice(userId, paymentId, refund),
      recorded(customerId, 'payment.refunded', resource, at, { after: refund }),
    ],
    updates: [
      {
        userId,
        type: 'payment.refunded',
        data: { paymentId, refundId, amount: formatted(money.amount, money.currency) },
      },
    ],
  };
};

const requireSame = (before: Refund, told: Refund): void => {
  if (before.amount === told.amount && before.currency === told.currency) return;
  throw new PermanentError(
    'RULE_VIOLATED',
    `Refund ${told.refundId} is known with ${formatted(before.amount, before.currency)}; the event says ${formatted(told.amount, told.currency)}.`,
    { next: 'Ask the payment provider which is right' },
  );
};

const requireLeft = ({ paymentId, amount = 0, currency = '', refunds }: Payment, refund: Refund): void => {
  if (refund.currency !== currency) {
    throw new PermanentError(
      'RULE_VIOLATED',
      `Refund ${refund.refundId} is in ${refund.currency}; payment ${paymentId} was made in ${currency}.`,
    );
  }
  const left = amount - refunds.reduce((sum, each) => sum + each.amount, 0);
  if (refund.amount <= left) return;
  throw new PermanentError(
    'RULE_VIOLATED',
    `Refund ${refund.refundId} of ${formatted(refund.amount, currency)} is more than the ${formatted(left, currency)} left of payment ${paymentId}.`,
    { next: 'Ask the payment provider: nothing was booked' },
  );
};
