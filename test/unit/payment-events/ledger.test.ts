import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancesIn, EMPTY_LEDGER, faultsIn, linesOf, posted } from '../../../handlers/payment-events/ledger.ts';
import { customerFrom } from '../../../handlers/payment-events/restoring.ts';
import { historyOf } from './history.ts';
import { at, story } from './stories.ts';

describe('a ledger', () => {
  it('is balanced and comes to the same, in whatever order and however often the events come', () => {
    fc.assert(
      fc.property(story, ({ payments, order }) => {
        const { customer, entries } = historyOf(order);
        expect(faultsIn(entries, customer.ledger.balances)).toEqual([]);
        for (const currency of ['EUR', 'JPY', 'KWD']) {
          const own = payments.filter((each) => each.currency === currency);
          const paid = own.reduce((sum, each) => sum + each.paid, 0n);
          const refunded = own.reduce((sum, each) => sum + each.refunded, 0n);
          expect(balancesIn(customer.ledger.balances, currency)).toEqual({
            cash: String(paid - refunded),
            revenue: String(-paid),
            refunds: String(refunded),
          });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('can be made anew from its bookings: the same balances, and nothing is booked again after that', () => {
    fc.assert(
      fc.property(story, ({ order }) => {
        const { customer, entries } = historyOf(order);
        const journal = entries.map((entry) => ({ ...entry, customerId: 'c', lines: linesOf(entry) }));
        const restored = customerFrom('c', journal);
        expect(restored.customer.ledger).toEqual(customer.ledger);
        for (const { decide } of order) {
          expect(decide(restored.customer, 0)?.change.bookings ?? []).toEqual([]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('says what is wrong with it: a gap, a line, a balance, a booking that stands twice', () => {
    const booking = (providerEventId: string, amount: number) =>
      ({
        kind: 'payment',
        providerEventId,
        paymentId: 'p',
        refundId: null,
        at: at(0),
        amount,
        currency: 'EUR',
      }) as const;
    const one = posted(EMPTY_LEDGER, booking('a', 100), 'e1');
    const two = posted(one.ledger, booking('b', 50), 'e2');
    const { balances } = two.ledger;
    expect(faultsIn([one.entry, two.entry], balances)).toEqual([]);
    expect(faultsIn([two.entry], balances).join(' ')).toContain('Entry 2 stands where 1 should.');
    const bent = { ...two.entry, lines: [{ account: 'cash', amount: '51' } as const, ...two.entry.lines.slice(1)] };
    expect(faultsIn([one.entry, bent], balances)).toContain('The lines of entry 2 come to 1, not to zero.');
    const doubled = posted(two.ledger, booking('b', 50), 'e3');
    expect(faultsIn([one.entry, two.entry, doubled.entry], doubled.ledger.balances)).toEqual([
      'Entry 3 books b again.',
    ]);
    expect(faultsIn([one.entry], balances)).toContain('The balance EUR/cash is kept as 150; the entries come to 100.');
  });
});
