import { topic } from '../../lib/catalog/index.ts';
import { writeOnce } from '../../lib/idempotency/index.ts';
import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { ObjectStore } from '../../lib/stores/objects.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { type Customer, changed, newCustomer, type Payment } from './customer.ts';
import { writesOf } from './customer-store.ts';
import { type JournalEntry, readJournal } from './journal.ts';
import type { Entry } from './ledger.ts';

/** Two functions that restore at the same moment: one of them does. */
const GUARD_SECONDS = 60;

/** What entries that come from the journal name as their event. */
export const RESTORED = 'restored';

/**
 * Gives a Redis that knows nothing of a customer what the journal has: ledger, balances, payments and their refunds.
 * Subscriptions and grants are not in it; they come back with the provider's next event, or by resetting the group.
 *
 * @returns how many entries came back
 */
export const restoreCustomer = async (redis: Redis, objects: ObjectStore, customerId: string): Promise<number> => {
  const journal = await readJournal(objects, customerId);
  if (journal.length === 0) return 0;
  const { customer, entries } = customerFrom(customerId, journal);
  const writes = writesOf(newCustomer(customerId), customer, entries);
  const tag = hashTag(customerId);
  await writeOnce(redis, `restoring:${tag}`, GUARD_SECONDS, writes, { tag, consumed: topic('payment-events') });
  return entries.length;
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
