/** The furthest a Date reaches from 1970, in milliseconds (ECMA-262, "Time Values and Time Range"). */
const FURTHEST_MS = 8_640_000_000_000_000;

/**
 * Whether a record's timestamp is a time at all: Kafka takes any 64 bits from a producer, nanoseconds among them.
 *
 * @param timestamp milliseconds since 1970, or whatever the producer wrote
 */
export const isTime = (timestamp: number | bigint): boolean => Math.abs(Number(timestamp)) <= FURTHEST_MS;

/** A record's timestamp for people: ISO 8601, UTC; where it is no time, the number itself. */
export const timeText = (timestamp: number | bigint): string =>
  isTime(timestamp) ? new Date(Number(timestamp)).toISOString() : BigInt(timestamp).toString();
