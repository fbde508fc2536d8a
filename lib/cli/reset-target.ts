import { StreamError } from '../errors.ts';
import { nearest } from '../operations/nearest.ts';
import type { ResetTarget } from '../operations/reset-plan.ts';

const WORDS = ['to-earliest', 'to-latest', 'to-offset', 'to-datetime'] as const;

const usage = (message: string): StreamError =>
  new StreamError('USAGE', message, {
    next: 'One of: to-earliest, to-latest, to-offset N, to-datetime 2026-01-31T08:00:00Z',
  });

const noValue = (where: string, value: string | undefined): void => {
  if (value !== undefined) throw usage(`${where} takes no value, and "${value}" was given.`);
};

const parsedOffset = (value: string | undefined): number => {
  const offset = Number(value);
  if (value === undefined || !/^\d+$/.test(value) || !Number.isSafeInteger(offset))
    throw usage(
      value === undefined ? 'to-offset needs the offset.' : `"${value}" is no offset: a whole number from 0.`,
    );
  return offset;
};

// An ISO 8601 date, or date and time; a time without a zone is the machine's local time, as ECMAScript reads it.
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

const parsedTime = (value: string | undefined): Date => {
  const time = new Date(value ?? '');
  if (value === undefined || !ISO.test(value) || Number.isNaN(time.getTime()))
    throw usage(value === undefined ? 'to-datetime needs a time in ISO 8601.' : `"${value}" is no time in ISO 8601.`);
  return time;
};

/**
 * Where a group is to go, from the words of the command line.
 *
 * @throws StreamError USAGE
 */
export const resetTarget = (where: string, value: string | undefined): ResetTarget => {
  switch (where) {
    case 'to-earliest':
      noValue(where, value);
      return { to: 'earliest' };
    case 'to-latest':
      noValue(where, value);
      return { to: 'latest' };
    case 'to-offset':
      return { to: 'offset', offset: parsedOffset(value) };
    case 'to-datetime':
      return { to: 'datetime', time: parsedTime(value) };
    default: {
      const meant = nearest(where, WORDS);
      throw usage(`"${where}" is no place to reset to.${meant === undefined ? '' : ` Did you mean ${meant}?`}`);
    }
  }
};
