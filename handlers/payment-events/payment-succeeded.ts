import { PermanentError } from '../../lib/errors.ts';
import { DUNNING_DAYS, type Payment, type Refund } from './customer.ts';
import type { Decide } from './decision.ts';
import { canonicalTime } from './instant.ts';
import { dunningKey } from './keys.ts';
import type { Booking } from './ledger.ts';
import { formatted, requireMoney } from './money.ts';
import { receipt, recorded, refundNotice } from './notices.ts';
import { refundBooking, sortedRefunds } from './payment-refunded.ts';
import { ledgerPosted } from './posting.ts';
import { newPayment } from './restoring.ts';

/**
 * A payment was made: it is booked, with the refunds that came before it, its dunning ends, and whatever plan was lost over it
 * is back.
 */
export const paymentSucceeded: Decide<'payment.succeeded'> = (customer, { payload }) => {
  const { customerId, userId, paymentId, providerEventId, createdAt, description } = payload;
  const money = requireMoney(payload);
  const at = canonicalTime('createdAt', createdAt);
  const known = customer.payments.get(paymentId) ?? newPayment(paymentId);
  const isPaid = known.status === 'paid';
  if (isPaid) requireSame(known, payload);
  if (isPaid && known.paidBy !== providerEventId) {
    return { change: {}, events: [recorded(customerId, 'payment.succeeded.repeated', `payment/${paymentId}`, at, {})] };
  }
  const { booked, refused } = settled(known, money.amount, money.currency);
  const payment: Payment = {
    ...known,
    ...money,
    status: 'paid',
    paidBy: providerEventId,
    refunds: [...known.refunds, ...booked],
    held: [],
  };
  const booking: Booking = { kind: 'payment', providerEventId, paymentId, refundId: null, at, ...money };
  const refundBookings = (refunds: readonly Refund[]) => refunds.map((each) => refundBooking(paymentId, each));
  return {
    // Restored from the journal it is booked already; the rest may not have happened yet.
    change: { payment, bookings: [...(isPaid ? [] : [booking]), ...refundBookings(booked)] },
    unschedule: known.status === 'failed' ? DUNNING_DAYS.map((_, i) => dunningKey(customerId, paymentId, i + 1)) : [],
    events: [
      ...[booking, ...refundBookings(payment.refunds)].map((each) => ledgerPosted(customerId, each)),
      ...receipt(payload, payload, description ?? ''),
      ...booked.flatMap((each) => refundNotice(userId, paymentId, each)),
      recorded(customerId, 'payment.succeeded', `payment/${paymentId}`, at, {
        before: { status: known.status },
        after: { status: 'paid', ...money },
      }),
      ...booked.map((each) =>
        recorded(customerId, 'payment.refunded', `refund/${each.refundId}`, each.at, { after: each }),
      ),
      ...refused.map((each) =>
        recorded(customerId, 'payment.refund.refused', `refund/${each.refundId}`, each.at, { after: each }),
      ),
    ],
    updates: [
      { userId, type: 'payment.succeeded', data: { paymentId, amount: formatted(money.amount, money.currency) } },
    ],
  };
};

const requireSame = (known: Payment, told: { readonly amount: number; readonly currency: string }): void => {
  if (known.amount === told.amount && known.currency === told.currency) return;
  throw new PermanentError(
    'RULE_VIOLATED',
    `Payment ${known.paymentId} was booked with ${formatted(known.amount ?? 0, known.currency ?? '')}; the event says ${formatted(told.amount, told.currency)}.`,
    { next: 'Ask the payment provider which is right: a booked payment is not changed, it is refunded' },
  );
};

/** Which of the refunds that waited fit into the payment. The others are remembered in the audit log only. */
const settled = (
  { held, refunds }: Payment,
  amount: number,
  currency: string,
): { readonly booked: readonly Refund[]; readonly refused: readonly Refund[] } => {
  const booked: Refund[] = [];
  const refused: Refund[] = [];
  let left = amount - refunds.reduce((sum, refund) => sum + refund.amount, 0);
  for (const refund of sortedRefunds(held)) {
    const fits = refund.currency === currency && refund.amount <= left;
    if (fits) left -= refund.amount;
    (fits ? booked : refused).push(refund);
  }
  return { booked, refused };
};
