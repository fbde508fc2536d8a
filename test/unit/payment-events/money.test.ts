import { describe, expect, it } from 'vitest';
import { daysAfter, instantOf, versionOf } from '../../../handlers/payment-events/instant.ts';
import { formatted, MAX_AMOUNT, requireMoney } from '../../../handlers/payment-events/money.ts';

describe('money', () => {
  it('is shown with the digits of its currency, exactly, at any size', () => {
    expect(formatted(1_250, 'EUR')).toBe('€12.50');
    expect(formatted(500, 'JPY')).toBe('¥500');
    expect(formatted(1_234, 'KWD')).toBe('KWD 1.234');
    expect(formatted(5, 'KWD')).toBe('KWD 0.005');
    expect(formatted(100, 'HUF')).toBe('HUF 1.00');
    expect(formatted(-5n, 'USD')).toBe('-$0.05');
    expect(formatted(Number.MAX_SAFE_INTEGER, 'USD')).toBe('$90,071,992,547,409.91');
    expect(formatted(123_456_789_012_345_678_901n, 'USD')).toBe('$1,234,567,890,123,456,789.01');
  });

  it('is a whole number of minor units above zero that arrived exactly, in a currency there is', () => {
    const EUR = 'EUR';
    expect(requireMoney({ amount: MAX_AMOUNT, currency: EUR }).amount).toBe(9_007_199_254_740_990);
    expect(requireMoney({ amount: 1, currency: EUR })).toEqual({ amount: 1, currency: EUR });
    for (const amount of [0, -1, 0.5, Number.NaN, 2 ** 53 - 1, 2 ** 53]) {
      expect(() => requireMoney({ amount, currency: EUR })).toThrow('The amount must be a whole number');
    }
    for (const currency of ['eur', 'EURO', 'XXX', '', 'DEM']) {
      expect(() => requireMoney({ amount: 1, currency })).toThrow('ISO 4217');
    }
  });
});

describe('an instant', () => {
  const version = (createdAt: string, providerEventId = 'e') => versionOf({ createdAt, providerEventId });

  it('compares as an instant, whatever its zone and precision, and then by the id', () => {
    expect(version('2026-01-01T01:00:00+01:00')).toBe(version('2026-01-01T00:00:00.000Z'));
    expect(version('2026-01-01T00:30:00+01:00') < version('2026-01-01T00:00:00Z')).toBe(true);
    expect(version('2026-01-01T00:00:00.0001Z') < version('2026-01-01T00:00:00.0009Z')).toBe(true);
    expect(version('2026-01-01T00:00:00.9Z') < version('2026-01-01T00:00:01Z')).toBe(true);
    expect(version('2026-01-01T00:00:00Z', 'a') < version('2026-01-01T00:00:00Z', 'b')).toBe(true);
  });

  it('needs its zone: without one it would mean another time on every machine', () => {
    for (const text of [
      '2026-01-01T00:00:00',
      '2026-01-01',
      'now',
      '',
      '2026-13-01T00:00:00Z',
      '1960-01-01T00:00:00Z',
    ]) {
      expect(() => instantOf('createdAt', text)).toThrow('createdAt must be a time');
    }
  });

  it('moves by days', () => {
    expect(daysAfter('2026-02-27T10:00:00.000Z', 3)).toBe('2026-03-02T10:00:00.000Z');
  });
});
