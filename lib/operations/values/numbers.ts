import { type Raw, Tap, type Whole } from '../../events/avro/index.ts';

/** A whole number as JSON has it: beyond 2^53, where readers of JSON would change it, its digits as text. */
export const wholeShown = (value: Whole): number | string => (typeof value === 'bigint' ? String(value) : value);

/** NaN and the infinities have no place in JSON: their names. */
export const doubleShown = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

/** Digits that tell any two floats of 32 bits apart (IEEE 754). */
const FLOAT_DIGITS = 9;

/** A float with as few digits as tell it from every other: 0.1, not 0.10000000149011612. */
export const floatShown = (value: number): number | string => {
  if (!Number.isFinite(value)) return doubleShown(value);
  for (let digits = 1; digits < FLOAT_DIGITS; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
};

/** A whole number of any size: two's complement, most significant byte first. */
export const bigintIn = (bytes: Buffer): bigint =>
  bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`));

/** The digits of `unscaled` with `scale` of them behind the point. */
export const decimalText = (unscaled: bigint, scale: number): string => {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return unscaled < 0n ? `-${text}` : text;
};

/** A scale that a value says itself is believed up to here: more zeros are an attack on our memory. */
const MOST_DIGITS = 10_000;

/** A decimal that carries its own scale (Avro 1.12 specification, "Alternative: big-decimal"). */
export const bigDecimalText = (bytes: Buffer): string | undefined => {
  const tap = new Tap(bytes);
  const unscaled = bigintIn(tap.bytes());
  const scale = tap.int();
  return Math.abs(scale) > MOST_DIGITS ? undefined : decimalText(unscaled, scale);
};

/** The raw value as a whole number; undefined when it is none. */
export const wholeIn = (raw: Raw): bigint | undefined =>
  typeof raw === 'number' || typeof raw === 'bigint' ? BigInt(raw) : undefined;
