/** The furthest a Date reaches from 1970, in milliseconds. */
const FURTHEST = 8_640_000_000_000_000n;
const MS_A_DAY = 86_400_000n;

/** What is left of a division when the result is rounded down. */
const remainder = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;

/** `unit`: how many of it a second has. */
const fraction = (part: bigint, unit: bigint): string => String(part).padStart(String(unit).length - 1, '0');

/**
 * A time since 1970 in ISO 8601, without a zone; undefined when no calendar has it.
 *
 * @param count of units
 * @param unit how many of them a second has: 1000, 1000000 or 1000000000
 */
export const timestampText = (count: bigint, unit: bigint): string | undefined => {
  const part = remainder(count, unit);
  const ms = ((count - part) / unit) * 1_000n;
  if (ms > FURTHEST || ms < -FURTHEST) return undefined;
  return `${new Date(Number(ms)).toISOString().slice(0, -'.000Z'.length)}.${fraction(part, unit)}`;
};

/** A day in ISO 8601; undefined when no calendar has it. @param days since 1970-01-01 */
export const dateText = (days: bigint): string | undefined => {
  const ms = days * MS_A_DAY;
  if (ms > FURTHEST || ms < -FURTHEST) return undefined;
  return new Date(Number(ms)).toISOString().replace(/T.*$/, '');
};

/** A time of day in ISO 8601; undefined when no day has it. @param count of units after midnight */
export const timeOfDayText = (count: bigint, unit: bigint): string | undefined => {
  const seconds = count / unit;
  if (count < 0n || seconds >= MS_A_DAY / 1_000n) return undefined;
  const clock = new Date(Number(seconds) * 1_000).toISOString().slice('1970-01-01T'.length, -'.000Z'.length);
  return `${clock}.${fraction(count % unit, unit)}`;
};

/** A duration in ISO 8601. @param bytes months, days and milliseconds, each in 4 bytes, little endian */
export const durationText = (bytes: Buffer): string | undefined => {
  if (bytes.length !== 12) return undefined;
  const [months, days, ms] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
  const date = `${months === 0 ? '' : `${months}M`}${days === 0 ? '' : `${days}D`}`;
  const time = ms === 0 ? '' : `T${ms / 1_000}S`;
  return date === '' && time === '' ? 'PT0S' : `P${date}${time}`;
};
