import { entryFrom, mapOf } from '../../../../handlers/payment-events/customer-store.ts';
import { readJournal } from '../../../../handlers/payment-events/journal.ts';
import { keysOf } from '../../../../handlers/payment-events/keys.ts';
import { faultsIn } from '../../../../handlers/payment-events/ledger.ts';
import { eventOf } from '../../../../lib/events/index.ts';
import { spoilings } from '../../../../lib/operations/simulation/spoiling.ts';
import { type Act, duplicated } from '../act.ts';
import type { Effect } from './effect.ts';

const PAYMENTS = 90;
const CUSTOMERS = 6;
const REFUNDS = 0.25;
const POISON = 0.03;
const DAY_MS = 24 * 60 * 60 * 1_000;

const customerOf = (run: string, customer: number): string => `${run}-customer-${customer}`;

interface Paid {
  readonly paymentId: string;
  readonly amount: number;
}

/** Payments and refunds: each is one entry of the customer's ledger, in order, and one object of the journal. */
export const payments: Effect = {
  name: 'payments',
  plan: (stage) => {
    const { dice, run, now } = stage;
    const paid = new Map<number, Paid[]>();
    return Array.from({ length: PAYMENTS }, (_, i): Act => {
      const customer = dice.integer(0, CUSTOMERS - 1);
      const customerId = customerOf(run, customer);
      const providerEventId = `${run}-provider-${i}`;
      // In the order of the acts, so that the journal has that order too.
      const createdAt = new Date(now - DAY_MS + i * 1_000).toISOString();
      const about = { customerId, userId: `${customerId}-user`, providerEventId, createdAt, currency: 'EUR' };
      const open = paid.get(customer) ?? [];
      paid.set(customer, open);
      const back = dice.chance(REFUNDS) ? open.shift() : undefined;
      const payment = { paymentId: `${run}-payment-${i}`, amount: dice.integer(100, 99_900) };
      const origin = { source: 'faults' };
      const event =
        back === undefined
          ? eventOf('payment.succeeded', { ...about, ...payment }, origin)
          : eventOf('payment.refunded', { ...about, ...back, refundId: `${run}-refund-${i}` }, origin);
      const line = `payments/${customerId}`;
      if (back === undefined && dice.chance(POISON)) {
        return { line, event, signs: [], refusal: 'any', spoiling: dice.pick(spoilings) };
      }
      if (back === undefined) open.push(payment);
      const signs = [
        { log: `ledger of ${customerId}`, id: providerEventId },
        { log: `journal of ${customerId}`, id: providerEventId },
      ];
      return { line, event, signs, ...duplicated(stage) };
    });
  },
  observe: async (run, { redis, objects }) => {
    const logs = new Map<string, readonly string[]>();
    const faults: string[] = [];
    for (let customer = 0; customer < CUSTOMERS; customer += 1) {
      const customerId = customerOf(run, customer);
      const keys = keysOf(customerId);
      const [texts, balances, journal] = await Promise.all([
        redis.lrange(keys.ledger, 0, -1),
        redis.hgetall(keys.balances),
        readJournal(objects, customerId),
      ]);
      const entries = texts.map(entryFrom);
      const ids = (booked: readonly { readonly providerEventId: string }[]) =>
        booked.map(({ providerEventId }) => providerEventId);
      logs.set(`ledger of ${customerId}`, ids(entries));
      logs.set(`journal of ${customerId}`, ids(journal));
      faults.push(...faultsIn(entries, mapOf(balances, BigInt)).map((fault) => `Ledger of ${customerId}: ${fault}`));
    }
    return { logs, sums: new Map(), faults };
  },
};
