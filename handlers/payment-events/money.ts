import { PermanentError } from '../../lib/errors.ts';
import { exponentOf } from './currencies.ts';

/** An amount of money. */
export interface Money {
  /** In the currency's minor unit, e.g. cents. */
  readonly amount: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

/** The largest amount that can arrive: our Avro reader refuses a long outside of the range in which numbers are exact. */
export const MAX_AMOUNT = Number.MAX_SAFE_INTEGER - 1;

/**
 * Checks what a provider says of money. A number in JSON may have been rounded on its way here where it is beyond
 * {@link MAX_AMOUNT}, so it is refused rather than booked.
 *
 * @throws PermanentError INVALID_EVENT
 */
export const requireMoney = ({ amount, currency }: Money): Money => {
  if (!Number.isSafeInteger(amount) || amount <= 0 || amount > MAX_AMOUNT) {
    throw new PermanentError(
      'INVALID_EVENT',
      `The amount must be a whole number of minor units from 1 to ${MAX_AMOUNT}, not ${amount}.`,
    );
  }
  if (exponentOf(currency) === undefined) {
    throw new PermanentError(
      'INVALID_EVENT',
      `The currency must be an ISO 4217 code in upper case, not ${JSON.stringify(currency.slice(0, 20))}.`,
    );
  }
  return { amount, currency };
};

const formats = new Map<string, Intl.NumberFormat>();

/** Made once: making one costs more than the rest of what is done for an event. */
const formatOf = (locale: string, currency: string, digits: number): Intl.NumberFormat => {
  const name = `${locale}/${currency}`;
  const format =
    formats.get(name) ??
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      // The digits of ISO 4217: those Intl knows are of daily use, and some currencies (AFN, HUF) have fewer there.
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  formats.set(name, format);
  return format;
};

/**
 * Money as people read it, e.g. `€12.50`, `¥500`, `KWD 1.234`; exact for any size, without a floating point number.
 *
 * @param minor the amount in minor units
 * @param locale BCP 47
 */
export const formatted = (minor: bigint | number, currency: string, locale = 'en'): string => {
  const digits = exponentOf(currency) ?? 2;
  const size = 10n ** BigInt(digits);
  const value = BigInt(minor);
  const absolute = value < 0n ? -value : value;
  const fraction = String(absolute % size).padStart(digits, '0');
  const text = formatOf(locale, currency, digits)
    .formatToParts(absolute / size)
    .map((part) => (part.type === 'fraction' ? fraction : part.value))
    .join('')
    .replaceAll('\u00a0', ' ');
  return value < 0n ? `-${text}` : text;
};
