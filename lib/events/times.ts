import { PermanentError } from '../errors.ts';

/** Only years of four digits are written without a sign (ECMA-262, "Expanded Years"); only their texts sort as their times do. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Milliseconds since 1970 of a time in ISO 8601, with a year of four digits in UTC; undefined for anything else. */
export const timeIn = (text: string): number | undefined => {
  const time = Date.parse(text);
  return time >= FIRST_MS && time <= LAST_MS ? time : undefined;
};

/**
 * Milliseconds since 1970 of a time in an event.
 *
 * @param field its name, for the reason of a dead letter
 * @throws PermanentError INVALID_EVENT when it is none (see {@link timeIn})
 */
export const timeOf = (field: string, text: string): number => {
  const time = timeIn(text);
  if (time !== undefined) return time;
  throw new PermanentError(
    'INVALID_EVENT',
    `${field} must be a time in ISO 8601, not ${JSON.stringify(text.slice(0, 60))}.`,
  );
};
