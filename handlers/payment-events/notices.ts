import { audited, type FollowUp, notifiedInAppAndByEmail } from '../../lib/consumer/index.ts';
import type { Refund } from './customer.ts';
import { formatted } from './money.ts';

/** Whose event it is. */
interface Who {
  readonly userId: string;
  readonly customerId: string;
}

/** A payment as a person sees it. */
interface Paid {
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
}

export const receipt = ({ userId }: Who, { paymentId, amount, currency }: Paid, description: string): FollowUp[] =>
  notifiedInAppAndByEmail({
    userId,
    template: 'receipt',
    data: { amount: formatted(amount, currency), description, paymentId },
    dedupeKey: `receipt/${paymentId}`,
  });

export const refundNotice = (userId: string, paymentId: string, { refundId, amount, currency }: Refund): FollowUp[] =>
  notifiedInAppAndByEmail({
    userId,
    template: 'refund',
    data: { amount: formatted(amount, currency), paymentId },
    dedupeKey: `refund/${refundId}`,
  });

/** @param step 0: it has failed; else the reminder of a dunning step */
export const failureNotice = (
  { userId }: Who,
  { paymentId, amount, currency }: Paid,
  step: number,
  reason: string,
  nextAttemptAt: string,
): FollowUp[] =>
  notifiedInAppAndByEmail({
    userId,
    template: 'payment-failed',
    data: { amount: formatted(amount, currency), reason, nextAttemptAt },
    dedupeKey: `payment-failed/${paymentId}/${step}`,
  });

/** @param ending what took it away */
export const planEnded = ({ userId, customerId }: Who, plan: string, ending: string): FollowUp[] =>
  notifiedInAppAndByEmail({
    userId,
    template: 'plan-ended',
    data: { plan },
    dedupeKey: `plan-ended/${customerId}/${ending}`,
  });

/** The audit record of what the payment provider, or the dunning, did to a customer. */
export const recorded = (
  customerId: string,
  action: string,
  resource: string,
  at: string,
  { before, after }: { readonly before?: unknown; readonly after?: unknown },
): FollowUp => audited({ tenantId: customerId, actor: 'payment-provider', action, resource, before, after, at });
