import type { Words } from '../wording.ts';

type Names = 'upgraded' | 'receipt' | 'refund' | 'payment-failed' | 'plan-ended';

export const billing: Words<Names> = {
  upgraded: ({ plan }, { link }) => ({
    subject: `You are on the ${plan} plan`,
    paragraphs: [`Thank you. Everything of the ${plan} plan is yours from now on.`],
    short: `You are on the ${plan} plan now.`,
    action: { label: 'See what is new', url: link('plans', plan) },
  }),
  receipt: ({ amount, description, paymentId }, { link }) => ({
    subject: `Receipt for ${amount}`,
    paragraphs: [`We have received ${amount} for ${description}.`, `Payment ${paymentId}. Thank you.`],
    short: `We have received ${amount} for ${description}.`,
    action: { label: 'See the receipt', url: link('billing', 'payments', paymentId) },
  }),
  refund: ({ amount, paymentId }, { link }) => ({
    subject: `Refund of ${amount}`,
    paragraphs: [`We have sent back ${amount} of payment ${paymentId}. It takes your bank a few days to show it.`],
    short: `We have sent back ${amount} of payment ${paymentId}.`,
    action: { label: 'See the payment', url: link('billing', 'payments', paymentId) },
  }),
  'payment-failed': ({ amount, reason, nextAttemptAt }, { link, day }) => ({
    subject: `Your payment of ${amount} did not go through`,
    paragraphs: [
      `Your payment of ${amount} did not go through: ${reason}.`,
      nextAttemptAt === '' ? 'It will not be tried again.' : `It will be tried again on ${day(nextAttemptAt)}.`,
    ],
    short: `Your payment of ${amount} did not go through: ${reason}.`,
    action: { label: 'Check how you pay', url: link('billing') },
  }),
  'plan-ended': ({ plan }, { link }) => ({
    subject: `Your ${plan} plan has ended`,
    paragraphs: [
      `Your ${plan} plan has ended, and your account is on the free plan.`,
      'Your codes go on working. What is beyond the free plan is kept and cannot be changed until you choose a plan again.',
    ],
    short: `Your ${plan} plan has ended; your account is on the free plan.`,
    action: { label: 'Choose a plan', url: link('plans') },
  }),
};
