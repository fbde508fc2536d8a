/** The furthest a Date reaches from 1970, in milliseconds (ECMA-262, "Time Values and Time Range"). */
const FURTHEST = 8.64e15;

/**
 * Whether a record's timestamp is a time at all. Kafka takes any 64 bits from a producer, nanoseconds among them.
 *
 * @param timestamp milliseconds since 1970, as the record says
 */
export const isTime = (timestamp: number): boolean => Math.abs(timestamp) <= FURTHEST;

/**
 * A record's timestamp as text: ISO 8601, UTC; where it is no time, the number itself.
 *
 * @param timestamp milliseconds since 1970, as the record says
 */
export const timeText = (timestamp: number): string =>
  isTime(timestamp) ? new Date(timestamp).toISOString() : String(timestamp);
