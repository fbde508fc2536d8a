import type { FollowUp } from '../../lib/consumer/index.ts';
import { derivedEventId } from '../../lib/events/index.ts';
import { type Booking, SIDES } from './ledger.ts';

/**
 * The id of an entry, and of the event that carries it: fixed by the customer and the provider's event, as the journal is, and
 * not by the place in the ledger, which a restored ledger may number otherwise. Its first 48 bits are the booking's time.
 */
export const entryIdOf = (customerId: string, { providerEventId, at }: Booking): string =>
  derivedEventId(
    `${Math.max(0, Date.parse(at)).toString(16).padStart(12, '0')}/${customerId}`,
    `ledger/${providerEventId}`,
  );

/**
 * The event that takes a booking to the database. One event is one whole entry with both its sides, so that the books there
 * balance at any moment, whichever entries have arrived.
 */
export const ledgerPosted = (customerId: string, booking: Booking): FollowUp => {
  const { kind, amount, currency, paymentId, refundId, providerEventId, at } = booking;
  const entryId = entryIdOf(customerId, booking);
  return {
    type: 'payment.ledger.posted',
    name: entryId,
    id: entryId,
    payload: {
      entryId,
      customerId,
      kind,
      debitAccount: SIDES[kind].debit,
      creditAccount: SIDES[kind].credit,
      amount,
      currency,
      paymentId,
      refundId,
      providerEventId,
      occurredAt: at,
    },
  };
};
