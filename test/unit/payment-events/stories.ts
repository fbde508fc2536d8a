import fc from 'fast-check';
import { MAX_AMOUNT } from '../../../handlers/payment-events/money.ts';
import { type Told, told, WHO } from './history.ts';

/** A moment, ISO 8601. */
export const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

/** A payment with what may happen to it; refunds never come to more than was paid. */
const payment = (id: number) =>
  fc
    .record({
      // Three refunds of four at most.
      amount: fc.integer({ min: 12, max: MAX_AMOUNT }),
      currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
      fails: fc.boolean(),
      parts: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
    })
    .map(({ amount, currency, fails, parts }) => {
      const paymentId = `pay-${id}`;
      const event = (name: string, minute: number) => ({
        ...WHO,
        providerEventId: `${name}-${id}`,
        createdAt: at(minute),
        paymentId,
        currency,
      });
      const refunds = parts.map((part, i) => ({ part, i }));
      const refunded = refunds.reduce((sum, { part }) => sum + BigInt(part), 0n);
      const events: Told[] = [
        ...(fails ? [told('payment.failed', { ...event('failed', 0), amount })] : []),
        told('payment.succeeded', { ...event('paid', 1), amount }),
        ...refunds.map(({ part, i }) =>
          told('payment.refunded', { ...event(`refund-${i}`, 2 + i), refundId: `r-${id}-${i}`, amount: part }),
        ),
      ];
      return { events, currency, paid: BigInt(amount), refunded };
    });

/** Payments with all their events in any order, some of them twice. */
export const story = fc.tuple(payment(1), payment(2), payment(3)).chain((payments) => {
  const events = payments.flatMap((each) => each.events);
  const twice = fc.subarray(events).map((repeated) => [...events, ...repeated]);
  const order = twice.chain((all) => fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }));
  return fc.record({ payments: fc.constant(payments), order });
});
