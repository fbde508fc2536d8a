/** The furthest time that JavaScript, and so ISO 8601 as it writes it, knows; milliseconds before and after 1970. */
const FURTHEST_MS = 8_640_000_000_000_000;

/**
 * A record's time for people: ISO 8601, UTC; the number itself where it is no time, as that of a producer that counts
 * nanoseconds.
 *
 * @param timestamp milliseconds since 1970, or whatever the producer wrote
 */
export const timeText = (timestamp: number | bigint): string => {
  const ms = Number(timestamp);
  return Math.abs(ms) <= FURTHEST_MS ? new Date(ms).toISOString() : BigInt(timestamp).toString();
};

/** A record's time where a time has to stand: ISO 8601, UTC, the nearest there is. */
export const isoTime = (timestamp: number | bigint): string =>
  new Date(Math.min(FURTHEST_MS, Math.max(-FURTHEST_MS, Number(timestamp)))).toISOString();
