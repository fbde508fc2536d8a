import { DUNNING_DAYS, type Payment } from './customer.ts';
import type { Decide } from './decision.ts';
import { canonicalTime, daysAfter } from './instant.ts';
import { dunningKey } from './keys.ts';
import { formatted, requireMoney } from './money.ts';
import { failureNotice, recorded } from './notices.ts';
import { newPayment } from './restoring.ts';

/**
 * A payment failed: the user is told, and reminded 1, 3 and 7 days after its first failure. A payment that was made cannot
 * fail any more, whatever the order in which its events come.
 */
export const paymentFailed: Decide<'payment.failed'> = (customer, { payload }) => {
  const { customerId, userId, paymentId, createdAt, failureCode, failureMessage } = payload;
  const money = requireMoney(payload);
  const at = canonicalTime('createdAt', createdAt);
  const resource = `payment/${paymentId}`;
  const known = customer.payments.get(paymentId) ?? newPayment(paymentId);
  if (known.status === 'paid') {
    return { change: {}, events: [recorded(customerId, 'payment.failed.stale', resource, at, {})] };
  }
  const isEarlier = known.failedAt === undefined || at < known.failedAt;
  const failedAt = isEarlier ? at : (known.failedAt ?? at);
  const reason = failureMessage ?? failureCode ?? '';
  const payment: Payment = { ...known, ...money, status: 'failed', failedAt, reason };
  const open = DUNNING_DAYS.map((days, i) => ({ step: i + 1, dueAt: daysAfter(failedAt, days) })).filter(
    ({ step }) => !known.steps.includes(step),
  );
  return {
    change: { payment },
    events: [
      ...failureNotice(payload, payload, 0, reason, open[0]?.dueAt ?? ''),
      recorded(customerId, 'payment.failed', resource, at, {
        before: { status: known.status },
        after: { status: 'failed', ...money, failureCode },
      }),
    ],
    schedule: isEarlier
      ? open.map(({ step, dueAt }) => ({
          key: dunningKey(customerId, paymentId, step),
          at: dueAt,
          event: { type: 'payment.dunning.due', payload: { customerId, userId, paymentId, step, ...money } },
        }))
      : [],
    updates: [{ userId, type: 'payment.failed', data: { paymentId, amount: formatted(money.amount, money.currency) } }],
  };
};
