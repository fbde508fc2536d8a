import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, balancesIn, linesOf } from '../../../handlers/payment-events/ledger.ts';
import { customerFrom } from '../../../handlers/payment-events/restoring.ts';
import type { FollowUp } from '../../../lib/consumer/index.ts';
import { historyOf, NOW } from './history.ts';
import { story } from './stories.ts';

type Row = Extract<FollowUp, { type: 'payment.ledger.posted' }>['payload'];

/** What the table holds when these events have arrived, in any order: the first of each entry stays. */
const tableOf = (events: readonly FollowUp[]): readonly Row[] => {
  const rows = new Map<string, Row>();
  for (const event of events) {
    if (event.type !== 'payment.ledger.posted') continue;
    const known = rows.get(event.payload.entryId);
    if (known !== undefined) expect(event.payload).toEqual(known);
    rows.set(event.payload.entryId, event.payload);
  }
  return [...rows.values()];
};

const balanceOf = (rows: readonly Row[], currency: string, account: string): string => {
  let sum = 0n;
  for (const row of rows) {
    if (row.currency !== currency) continue;
    if (row.debitAccount === account) sum += BigInt(row.amount);
    if (row.creditAccount === account) sum -= BigInt(row.amount);
  }
  return String(sum);
};

describe('what is posted for the database', () => {
  it('comes to the balances of the ledger, entry by entry, in whatever order and however often the events come', () => {
    fc.assert(
      fc.property(story, ({ order }) => {
        const { customer, entries, events } = historyOf(order);
        const rows = tableOf(events);
        expect(rows.map(({ providerEventId }) => providerEventId).sort()).toEqual(
          entries.map(({ providerEventId }) => providerEventId).sort(),
        );
        for (const currency of ['EUR', 'JPY', 'KWD']) {
          const kept = balancesIn(customer.ledger.balances, currency);
          for (const account of ACCOUNTS) expect(balanceOf(rows, currency, account)).toBe(kept[account]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('balances at any moment: each account is debited by what another is credited, whichever entries are there', () => {
    fc.assert(
      fc.property(
        story.chain(({ order }) => fc.subarray([...tableOf(historyOf(order).events)])),
        (rows) => {
          for (const currency of ['EUR', 'JPY', 'KWD']) {
            const sums = ACCOUNTS.map((account) => BigInt(balanceOf(rows, currency, account)));
            expect(sums.reduce((total, sum) => total + sum, 0n)).toBe(0n);
          }
          expect(rows.every(({ amount }) => amount > 0)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is the same event when the ledger was made anew and the provider’s event is worked again', () => {
    fc.assert(
      fc.property(story, ({ order }) => {
        const { entries, events } = historyOf(order);
        const known = new Map(tableOf(events).map((row) => [row.entryId, row]));
        const journal = entries.map((entry) => ({ ...entry, customerId: 'c', lines: linesOf(entry) }));
        const { customer } = customerFrom('c', journal);
        const again = order.flatMap(({ decide }) => [...(decide(customer, NOW)?.events ?? [])]);
        // Each payment tells its refunds as well: those that waited for it were booked with it.
        for (const row of tableOf(again)) expect(row).toEqual(known.get(row.entryId));
        expect(tableOf(again)).toHaveLength(known.size);
      }),
      { numRuns: 50 },
    );
  });
});
