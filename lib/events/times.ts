import { PermanentError } from '../errors.ts';

/**
 * A date, or a date and time with its zone, in ISO 8601 (extended format, RFC 3339). Years have four digits: only such texts sort
 * as their times do, and a time without a zone is another one on each machine.
 */
const ISO = /^(\d{4}-\d\d-\d\d)(?:[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d))?$/;
const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** A day of a month that has it: `Date` takes 30 February for 2 March. */
const isDay = (date: string): boolean => {
  const time = Date.parse(date);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
};

/** Milliseconds since 1970 of a time in ISO 8601 with its zone; undefined for anything else. */
export const timeIn = (text: string): number | undefined => {
  const [, date] = ISO.exec(text) ?? [];
  if (date === undefined || !isDay(date)) return undefined;
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
