import { PermanentError } from '../../lib/errors.ts';
import { DUNNING_DAYS, LAST_STEP } from './customer.ts';
import type { Decide } from './decision.ts';
import { daysAfter } from './instant.ts';
import { failureNotice, recorded } from './notices.ts';

/**
 * A step of the dunning of a payment is due. What is known now decides, not what was known when it was scheduled: a payment
 * that was made meanwhile is left alone, and each step is taken once.
 */
export const dunningDue: Decide<'payment.dunning.due'> = (customer, { payload }, now) => {
  const { customerId, paymentId, step } = payload;
  const known = customer.payments.get(paymentId);
  if (known?.status === 'paid' || known?.steps.includes(step)) return undefined;
  const { failedAt } = known ?? {};
  const days = DUNNING_DAYS[step - 1];
  if (known === undefined || failedAt === undefined || days === undefined) {
    throw new PermanentError(
      'RULE_VIOLATED',
      `Step ${step} of the dunning of payment ${paymentId} is due, but ${days === undefined ? `there are ${LAST_STEP} steps` : 'no failure of it is known'}.`,
      { next: 'See whether the event payment.failed is among the dead letters: put back, it starts the dunning again' },
    );
  }
  const next = DUNNING_DAYS[step];
  const nextAt = next === undefined ? undefined : daysAfter(failedAt, next);
  // After an outage several steps come at once: only the newest is worth a word.
  const isOverdue = nextAt !== undefined && Date.parse(nextAt) <= now;
  const { amount = payload.amount, currency = payload.currency, reason = '' } = known;
  return {
    change: { payment: { ...known, steps: [...known.steps, step] } },
    events: [
      ...(nextAt === undefined || isOverdue
        ? []
        : failureNotice(payload, { paymentId, amount, currency }, step, reason, nextAt)),
      recorded(customerId, 'payment.dunning', `payment/${paymentId}/step/${step}`, daysAfter(failedAt, days), {
        after: { step, of: LAST_STEP },
      }),
    ],
    ending: `payment/${paymentId}`,
  };
};
