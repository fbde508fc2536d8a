import { topic } from '../../lib/catalog/index.ts';
import { versionOf, writeInTurn } from '../../lib/idempotency/index.ts';
import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { ObjectStore } from '../../lib/stores/objects.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { type Customer, changed, newCustomer, type Payment } from './customer.ts';
import { isKnown, writesOf } from './customer-store.ts';
import { type JournalEntry, readJournal } from './journal.ts';
import type { Entry } from './ledger.ts';

/** What entries that come from the journal name as their event. */
export const RESTORED = 'restored';

/**
 * Gives a Redis that knows nothing of a customer what the journal has: ledger, balances, payments and their refunds.
 * Subscriptions and grants are not in it; they come back with the provider's next event, or by resetting the group.
 *
 * Another invocation may be booking the customer's first payment: the journal has it then, and Redis has it soon. So the
 * customer is restored in turn only, if Redis still knows nothing of it after the version was read.
 *
 * @returns whether Redis may know more of the customer than before: read it again
 */
export const restoreCustomer = async (redis: Redis, objects: ObjectStore, customerId: string): Promise<boolean> => {
  const [tag, consumed] = [hashTag(customerId), topic('payment-events')];
  const version = await versionOf(redis, consumed, tag);
  if (await isKnown(redis, customerId)) return true;
  const journal = await readJournal(objects, customerId);
  if (journal.length === 0) return false;
  const { customer, entries } = customerFrom(customerId, journal);
  await writeInTurn(redis, consumed, tag, writesOf(newCustomer(customerId), customer, entries), version);
  return true;
};

/** The customer that these bookings make. */
export const customerFrom = (
  customerId: string,
  journal: readonly JournalEntry[],
): { readonly customer: Customer; readonly entries: readonly Entry[] } => {
  let customer = newCustomer(customerId);
  const entries: Entry[] = [];
  for (const { customerId: _, lines: __, ...booking } of journal) {
    const known = customer.payments.get(booking.paymentId) ?? newPayment(booking.paymentId);
    const next = changed(customer, { payment: withBooking(known, booking), bookings: [booking] }, RESTORED);
    customer = next.customer;
    entries.push(...next.entries);
  }
  return { customer, entries };
};

export const newPayment = (paymentId: string): Payment => ({
  paymentId,
  status: 'awaited',
  steps: [],
  refunds: [],
  held: [],
});

const withBooking = (payment: Payment, booking: Omit<JournalEntry, 'customerId' | 'lines'>): Payment => {
  const { kind, amount, currency, providerEventId, refundId, at } = booking;
  if (kind === 'payment') return { ...payment, status: 'paid', amount, currency, paidBy: providerEventId };
  const refund = { refundId: refundId ?? providerEventId, providerEventId, amount, currency, at };
  return { ...payment, refunds: [...payment.refunds, refund] };
};
